package it.snodo.simulator.signer;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** The page that stands for the doctors' telephones, and for the provider's help desk. */
final class SignerPage {
    private static final DateTimeFormatter WORDS =
            DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm:ss").withZone(ZoneId.of("Europe/Rome"));

    private SignerPage() {}

    static String render(JsonNode state) {
        StringBuilder html = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="it"><head><meta charset="utf-8"><title>Firma remota simulata</title>
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <style>
                body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#17324d}
                table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
                th,td{border-bottom:1px solid #c5d0dc;padding:.35rem .6rem;text-align:left;vertical-align:top;
                overflow-wrap:anywhere}
                th{background:#eef3f8}caption{text-align:left;color:#455b71}a{color:#06c}.otp{font-size:1.4rem}
                </style></head><body>
                <h1>Firma remota simulata</h1>
                <p>Un fornitore di firma remota inventato. Il PIN di tutti è fatto delle cifre da 1 a 8, in ordine. L'OTP arriva
                per SMS: gli SMS sono qui sotto, l'ultimo per primo; ricaricare la pagina per vederne di nuovi. Dopo tre errori
                la credenziale è bloccata. <a href="/">Gli altri sistemi simulati</a>.</p>
                """);
        JsonNode messages = state.path("sms");
        if (messages.isEmpty()) {
            html.append("<p>SMS inviati: ancora nessuno.</p>");
        } else {
            heads(html, "SMS inviati", "Quando", "A", "Alias", "OTP", "Vale fino a", "Stato");
            for (int i = messages.size() - 1; i >= 0; i--) {
                JsonNode message = messages.get(i);
                html.append("<tr>");
                cell(html, time(message.path("at")));
                cell(html, message.path("to").asText());
                cell(html, message.path("alias").asText());
                html.append("<td class=\"otp\">")
                        .append(escape(message.path("otp").asText("")))
                        .append("</td>");
                cell(html, time(message.path("expiresAt")));
                cell(html, words(message.path("state").asText()));
                html.append("</tr>");
            }
            html.append("</tbody></table>");
        }
        heads(html, "Credenziali", "Alias", "Medico", "Chiave", "OTP", "Certificato", "Blocchi", "Firme fatte");
        for (JsonNode credential : state.path("credentials")) {
            html.append("<tr>");
            cell(html, credential.path("alias").asText());
            cell(html, credential.path("name").asText());
            cell(html, credential.path("algorithm").asText());
            cell(html, credential.path("otp").asBoolean() ? "per SMS" : "non serve");
            cell(html, certificate(credential));
            cell(html, locks(credential));
            cell(html, credential.path("signatures").asText());
            html.append("</tr>");
        }
        return html.append("</tbody></table></body></html>\n").toString();
    }

    private static String certificate(JsonNode credential) {
        if (!credential.path("enabled").asBoolean()) {
            return "chiave disabilitata";
        }
        return switch (credential.path("status").asText()) {
            case "revoked" -> "revocato";
            case "suspended" -> "sospeso";
            default -> "valido";
        };
    }

    private static String locks(JsonNode credential) {
        if (credential.path("pinLocked").asBoolean()) {
            return "PIN bloccato";
        }
        if (credential.path("otpLocked").asBoolean()) {
            return "OTP bloccato";
        }
        int errors = credential.path("pinErrors").asInt()
                + credential.path("otpErrors").asInt();
        return errors == 0 ? "nessuno" : errors == 1 ? "nessuno, un errore" : "nessuno, " + errors + " errori";
    }

    private static String words(String state) {
        return switch (state) {
            case "VALIDO" -> "da usare";
            case "USATO" -> "usato";
            case "SCADUTO" -> "scaduto";
            case "SOSTITUITO" -> "sostituito da uno più recente";
            default -> "bloccato";
        };
    }

    private static String time(JsonNode instant) {
        return WORDS.format(Instant.parse(instant.asText()));
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
