package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.registry.Identifiers.quoted;

import it.snodo.registry.CodeTables;
import it.snodo.registry.Nre;
import it.snodo.registry.Regime;
import java.util.stream.Collectors;

/** What the certificate says of the case itself, and how the visit came about and was paid for. */
final class ContentRules {

    private final CodeTables tables;

    ContentRules(CodeTables tables) {
        this.tables = tables;
    }

    void check(CertificateRequest request, Findings found) {
        if (!found.ofAnnulment() && request.pathology().stream().allMatch(String::isBlank)) {
            found.add(
                    FIELD_MISSING,
                    "pathology",
                    "Manca il testo «è affetto dalla seguente patologia»: serve almeno un paragrafo non vuoto.");
        }
        if (request.service() != null) {
            service(request.service().code(), found);
        }
        if (request.regime() != null) {
            regime(request.regime(), found);
        }
        if (request.nre() != null) {
            found.identifier("nre", () -> Nre.parse(request.nre()));
        }
        if (request.ticket() != null) {
            ticket(request.ticket(), found);
        }
    }

    private void service(String code, Findings found) {
        if (code != null && tables.service(code).isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "service.code",
                    "La prestazione " + quoted(code) + " non è nel catalogo nazionale delle prestazioni.");
        }
    }

    private void regime(String code, Findings found) {
        if (tables.regime(code).filter(Regime::certificate).isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "regime",
                    "Il regime " + quoted(code) + " non è ammesso: usare "
                            + tables.regimes().stream()
                                    .filter(Regime::certificate)
                                    .map(Regime::code)
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
    }

    private void ticket(String state, Findings found) {
        if (tables.ticketState(state).isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "ticket",
                    "Lo stato del ticket " + quoted(state) + " non è ammesso: usare "
                            + String.join(", ", tables.ticketStates()) + ".");
        }
    }
}
