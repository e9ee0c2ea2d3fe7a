package it.snodo.intake.hl7v2;

import it.snodo.booking.BookingFact;
import it.snodo.fault.SnodoCode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads the facts that HL7 has no field for: OBX of the PATIENT group, OBX-3 named by {@link BookingFact}. */
final class BookingFactReader {

    private static final Set<String> LOCAL = Set.of(BookingFact.SYSTEM, "L", "");

    private final Er7 message;
    private final BookingTree tree;
    private final Map<String, String> said = new HashMap<>();

    BookingFactReader(Er7 message, BookingTree tree) {
        this.message = message;
        this.tree = tree;
    }

    /** @param belongs whether a path is one of the message's own; facts of other paths mean nothing here */
    void read(Predicate<String> belongs) {
        for (Er7.Segment obx : message.all("OBX")) {
            String status = obx.get(11);
            if (status != null && CertificateReader.NO_RESULT.contains(status.toUpperCase(Locale.ROOT))) {
                continue;
            }
            Optional<BookingFact> fact = fact(obx);
            if (fact.isEmpty()) {
                unknown(obx);
            } else if (belongs.test(fact.get().path())) {
                value(fact.get(), obx);
            }
        }
    }

    /** The value of an observation that only this kind of message has; null when it is absent. */
    static Er7.Segment own(Er7 message, String name) {
        return message.all("OBX").stream()
                .filter(obx -> name.equalsIgnoreCase(obx.get(3, 1)) && obx.get(5) != null)
                .findFirst()
                .orElse(null);
    }

    static String value(Er7.Segment obx) {
        return "OBX^" + obx.occurrence() + "^5";
    }

    private static Optional<BookingFact> fact(Er7.Segment obx) {
        for (int at = 1; at <= 4; at += 3) {
            String name = obx.get(3, at);
            if (name != null && LOCAL.contains(system(obx, at))) {
                Optional<BookingFact> found = BookingFact.named(name);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static String system(Er7.Segment obx, int at) {
        String system = obx.get(3, at + 2);
        return system == null ? "" : system.toUpperCase(Locale.ROOT);
    }

    /** Other observations are none of our business; one that is said to be a fact of ours and is none is told. */
    private void unknown(Er7.Segment obx) {
        String name = obx.get(3, 1);
        if (name != null && system(obx, 1).equals(BookingFact.SYSTEM) && !BookingMessage.OWN.contains(name)) {
            tree.unknown(name, "OBX^" + obx.occurrence() + "^3");
        }
    }

    private void value(BookingFact fact, Er7.Segment obx) {
        String at = value(obx);
        for (int i = 1; i <= obx.repetitions(5); i++) {
            String text = "XTN".equalsIgnoreCase(obx.get(2)) ? CertificateReader.telecom(obx, 5, i) : obx.get(5, i, 1);
            if (text == null) {
                continue;
            }
            String place = i == 1 ? at : at + "^" + i;
            if (fact.kind() == BookingFact.Kind.CODES) {
                tree.more(fact.path(), text, place);
                continue;
            }
            String before = said.putIfAbsent(fact.path(), text);
            if (before != null) {
                if (!before.equalsIgnoreCase(text)) {
                    tree.fault(
                            SnodoCode.NOT_ALLOWED_TOGETHER,
                            fact.path(),
                            place,
                            "Il messaggio porta più di un valore per " + fact + ": «" + CertificateReader.shown(before)
                                    + "» e «" + CertificateReader.shown(text) + "».");
                }
                continue;
            }
            switch (fact.kind()) {
                case FLAG -> tree.flag(fact.path(), text, place);
                case DATE -> tree.day(fact.path(), text, place);
                case TIME -> tree.civilTime(fact.path(), text, place);
                default -> tree.text(fact.path(), text, place);
            }
        }
    }
}
