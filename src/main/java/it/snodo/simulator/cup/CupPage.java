package it.snodo.simulator.cup;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;

/** The pages that show people what the simulated CUPs hold. Without names: who is looking has no business with them. */
final class CupPage {
    private static final DateTimeFormatter WORDS = DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm");
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="it"><head><meta charset="utf-8"><title>CUP simulati</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#17324d}
            table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
            th,td{border-bottom:1px solid #c5d0dc;padding:.35rem .6rem;text-align:left;vertical-align:top;
            overflow-wrap:anywhere}
            th{background:#eef3f8}caption{text-align:left;color:#455b71}a{color:#06c}
            </style></head><body>
            """;

    private CupPage() {}

    static String all(JsonNode state) {
        StringBuilder html = new StringBuilder(HEAD)
                .append(
                        "<h1>CUP simulati</h1><p>Un CUP per azienda, ciascuno con le proprie agende, i propri codici e il proprio"
                                + " protocollo. Tutto è inventato. <a href=\"/\">Gli altri sistemi simulati</a>.</p>");
        heads(
                html,
                "CUP delle aziende",
                "CUP",
                "Azienda",
                "Parla",
                "Porta",
                "Risponde",
                "Prenotate",
                "Revocate",
                "Non presentati");
        for (JsonNode cup : state.path("cups")) {
            html.append("<tr><td><a href=\"/cup/")
                    .append(cup.path("cup").asText())
                    .append("\">");
            html.append(cup.path("cup").asText()).append("</a></td>");
            cell(html, cup.path("name").asText());
            cell(html, cup.path("profile").asText());
            cell(html, cup.path("port").asText());
            cell(html, cup.path("up").asBoolean() ? "sì" : "no, è spento");
            cell(html, cup.path("BOOKED").asText());
            cell(
                    html,
                    String.valueOf(
                            cup.path("REVOKED").asInt() + cup.path("DELETED").asInt()));
            cell(html, cup.path("NO_SHOW").asText());
            html.append("</tr>");
        }
        return html.append("</tbody></table></body></html>\n").toString();
    }

    static String one(Cup cup, JsonNode summary) {
        StringBuilder html = new StringBuilder(HEAD)
                .append("<h1>CUP ")
                .append(cup.description.number())
                .append("</h1><p>");
        html.append(escape(cup.description.name()))
                .append(", ")
                .append(cup.description.profile())
                .append(" sulla porta ");
        html.append(summary.path("port").asText()).append(summary.path("up").asBoolean() ? "" : ", spento");
        html.append(". <a href=\"/cup\">Tutti i CUP</a>.</p>");
        if (cup.bookings().isEmpty()) {
            html.append("<p>Prenotazioni: ancora nessuna.</p>");
        } else {
            heads(
                    html,
                    "Prenotazioni",
                    "Codice del CUP",
                    "Codice della richiesta",
                    "Quando",
                    "Agenda",
                    "Prestazione",
                    "Stato");
            cup.bookings().stream()
                    .sorted(Comparator.comparing(Booking::filler).reversed())
                    .limit(200)
                    .forEach(booking -> booking.lines().forEach(line -> {
                        html.append("<tr>");
                        cell(html, booking.filler());
                        cell(html, booking.placer());
                        cell(html, WORDS.format(line.start()));
                        cell(html, line.agenda());
                        cell(html, title(cup, line.service()));
                        cell(html, booking.stateInWords());
                        html.append("</tr>");
                    }));
            html.append("</tbody></table>");
        }
        heads(html, "Agende", "Agenda", "Dove", "Prestazioni", "Primo posto libero", "Posti dati da qui");
        for (Agenda agenda : cup.offer().agendas().values()) {
            html.append("<tr>");
            cell(html, agenda.id());
            cell(html, agenda.place() + (agenda.privateStructure() ? " (privato accreditato)" : ""));
            cell(html, String.valueOf(agenda.services().size()));
            cell(
                    html,
                    cup.search(agenda.services().iterator().next(), agenda.id(), null, false, null, null, 1).stream()
                            .map(free -> WORDS.format(free.start()))
                            .findFirst()
                            .orElse("nessuno"));
            cell(html, String.valueOf(cup.given(agenda.id())));
            html.append("</tr>");
        }
        return html.append("</tbody></table></body></html>\n").toString();
    }

    private static String title(Cup cup, String service) {
        CupFiles.Service known = cup.offer().services().get(service);
        return known == null ? service : service + " " + known.title();
    }

    private static void heads(StringBuilder html, String caption, String... heads) {
        html.append("<table><caption>").append(caption).append("</caption><thead><tr>");
        for (String head : heads) {
            html.append("<th scope=\"col\">").append(head).append("</th>");
        }
        html.append("</tr></thead><tbody>");
    }

    private static void cell(StringBuilder html, String text) {
        html.append("<td>").append(escape(text)).append("</td>");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
