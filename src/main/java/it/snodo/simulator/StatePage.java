package it.snodo.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The page that shows people what the simulators received. */
final class StatePage {
    private StatePage() {}

    static String render(JsonNode fse, JsonNode rol, JsonNode aura) {
        StringBuilder html = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="it"><head><meta charset="utf-8"><title>Sistemi simulati</title>
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <style>
                body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#17324d}
                table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
                th,td{border-bottom:1px solid #c5d0dc;padding:.35rem .6rem;text-align:left;vertical-align:top;
                overflow-wrap:anywhere}
                th{background:#eef3f8}caption{text-align:left;color:#455b71}
                </style></head><body>
                <h1>Sistemi simulati</h1>
                <p>Questa pagina mostra che cosa hanno ricevuto i sistemi esterni simulati. Nessun dato esce da questo
                computer. <a href="/cup">I CUP delle aziende</a> e <a href="/signer/">la firma remota</a>, con i suoi SMS, hanno
                pagine proprie.</p>
                """);
        html.append("<h2>Gateway FSE</h2>");
        html.append("<p>Documenti indicizzati: ")
                .append(fse.path("documents").size())
                .append(". In attesa dell'indice nazionale: ")
                .append(fse.path("waitingForIndex").asInt())
                .append(".</p>");
        table(
                html,
                "Documenti",
                fse.path("documents"),
                List.of("identificativoDoc", "state", "timesPublished", "refused", "replaces", "hash"),
                List.of(
                        "Identificativo",
                        "Stato",
                        "Volte pubblicato",
                        "Rifiuti dell'indice",
                        "Sostituisce",
                        "Impronta del PDF"));
        table(
                html,
                "Effetti, in ordine",
                fse.path("effects"),
                List.of("at", "operation", "document", "took", "refusal"),
                List.of("Quando", "Operazione", "Documento", "Effetto", "Rifiuto"));
        html.append("<h2>ROL</h2>");
        table(
                html,
                "Effetti, in ordine",
                rol.path("effects"),
                List.of("at", "tipoAzione", "uniqueId", "hash"),
                List.of("Quando", "Azione", "Documento", "Impronta del PDF"));
        html.append("<h2>AURA</h2>");
        table(
                html,
                "Esenzioni ricevute",
                aura.path("effects"),
                List.of("at", "operation", "code", "from", "to", "again"),
                List.of("Quando", "Operazione", "Esenzione", "Inizio", "Fine", "Era già così"));
        return html.append("</body></html>\n").toString();
    }

    private static void table(
            StringBuilder html, String caption, JsonNode rows, List<String> fields, List<String> heads) {
        if (rows.isEmpty()) {
            html.append("<p>").append(caption).append(": ancora niente.</p>");
            return;
        }
        html.append("<table><caption>").append(caption).append("</caption><thead><tr>");
        heads.forEach(h -> html.append("<th scope=\"col\">").append(escape(h)).append("</th>"));
        html.append("</tr></thead><tbody>");
        for (JsonNode row : rows) {
            html.append("<tr>");
            for (String field : fields) {
                JsonNode value = row.path(field);
                String text = value.isBoolean() ? value.asBoolean() ? "sì" : "no" : value.asText("");
                html.append("<td>").append(escape(text)).append("</td>");
            }
            html.append("</tr>");
        }
        html.append("</tbody></table>");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
