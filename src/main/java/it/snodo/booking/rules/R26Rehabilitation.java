package it.snodo.booking.rules;

import it.snodo.booking.Decision;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.rules.Lines.Entry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Kinds and sessions of rehabilitation are limited; and SovraCup does not book it yet. */
final class R26Rehabilitation extends PrescriptionRule {

    private static final Code NOT_BOOKED = code("SC-026", Decision.ROUTE_LOCAL, "Riabilitazione");
    private static final Code KINDS = reject("SC-026a", BUSINESS, "Troppi tipi di riabilitazione");
    private static final Code SESSIONS = reject("SC-026b", BUSINESS, "Troppe sedute di un tipo");
    private static final Code TOTAL = reject("SC-026c", BUSINESS, "Troppe sedute in tutto");

    private final BookingCatalogue catalogue;
    private final boolean bookable;

    R26Rehabilitation(BookingCatalogue catalogue, boolean bookable) {
        super(
                26,
                "§3.4, §3.9",
                Step.CONTENT,
                "Riabilitazione: al massimo 3 tipi, 12 sedute per tipo e 36 in tutto; per ora la prenota il CUP dell'azienda.",
                NOT_BOOKED,
                KINDS,
                SESSIONS,
                TOTAL);
        this.catalogue = catalogue;
        this.bookable = bookable;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        List<Entry> lines = Lines.toBook(given).stream()
                .filter(each -> each.kind().equals("REHABILITATION"))
                .toList();
        if (!given.isNew() || lines.isEmpty()) {
            return;
        }
        Map<String, Long> sessions = lines.stream()
                .collect(Collectors.groupingBy(
                        each -> each.item().code(), TreeMap::new, Collectors.summingLong(each -> each.line()
                                .pieces())));
        int kinds = limit("rehab-kinds", given);
        if (sessions.size() > kinds) {
            rulings.add(
                    KINDS,
                    "lines",
                    "La prescrizione ha " + sessions.size() + " tipi di riabilitazione: al massimo " + kinds + ".",
                    String.valueOf(kinds));
        }
        int most = limit("rehab-sessions", given);
        sessions.forEach((code, count) -> {
            if (count > most) {
                rulings.add(
                        SESSIONS,
                        first(lines, code).path("quantity"),
                        "La prescrizione ha " + count + " sedute di «"
                                + first(lines, code).named() + "»: al massimo " + most + ".",
                        String.valueOf(most));
            }
        });
        long all = sessions.values().stream().mapToLong(Long::longValue).sum();
        int total = limit("rehab-total", given);
        if (all > total) {
            rulings.add(
                    TOTAL,
                    "lines",
                    "La prescrizione ha " + all + " sedute di riabilitazione in tutto: al massimo " + total + ".",
                    String.valueOf(total));
        }
        if (!bookable) {
            Optional<CupAzienda> azienda = lines.get(0).azienda(catalogue, given);
            rulings.add(
                    NOT_BOOKED,
                    lines.get(0).path("service"),
                    "La riabilitazione non si prenota ancora con il SovraCup: rivolgersi al CUP "
                            + azienda.map(each -> "di " + each.name()).orElse("dell'azienda") + ".",
                    azienda.map(CupAzienda::code).orElse(null));
        }
    }

    private int limit(String name, BookingCase given) {
        return catalogue.limit(name, given.today()).intValue();
    }

    private static Entry first(List<Entry> lines, String code) {
        return lines.stream()
                .filter(each -> each.item().code().equals(code))
                .findFirst()
                .orElseThrow();
    }
}
