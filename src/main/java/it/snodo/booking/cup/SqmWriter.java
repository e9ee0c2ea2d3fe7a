package it.snodo.booking.cup;

import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.Slot.Wish;
import it.snodo.intake.hl7v2.Hl7Time;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * SQM^S25: free places for services by the CUP's own codes. Of the patient it says birth date and sex, which decide what
 * agendas are seen, and not who it is: the identifier and the name that PID must have are the query's own and none. Source: hl7-booking.md §2, §3.
 */
final class SqmWriter {

    /** Where nothing else is wished: as long as the class without hurry. */
    static final int DAYS = 180;

    record Wanted(String localCode, String service, String title) {}

    private SqmWriter() {}

    /** @param publicOnly AIL-3.6 (person location type) asks for public structures, where SQR names the kind of a place */
    static String write(
            Dialect dialect,
            AvailabilityQuery query,
            boolean publicOnly,
            List<Wanted> wanted,
            String controlId,
            int limit) {
        Hl7Text text = Hl7Names.header(dialect, "SQM", "S25", "SQM_S25", controlId);
        text.segment("QRD")
                .raw(1, dialect.time(OffsetDateTime.now(Hl7Time.ROME)))
                .put(2, "R")
                .put(3, "I")
                .put(4, queryId(controlId))
                .put(7, limit, "RD")
                .put(8, "SOVRACUP")
                // T0048: time slots available
                .put(9, "SSA")
                .put(10, "CUP");
        Wish wish = query.wish();
        LocalDate from = wish == null || wish.from() == null ? LocalDate.now(Hl7Time.ROME) : wish.from();
        LocalDate to = wish == null || wish.to() == null ? from.plusDays(DAYS) : wish.to();
        text.segment("ARQ")
                .put(1, controlId, "SOVRACUP")
                .put(7, "ROUTINE", null, "HL70276")
                .put(8, "Tentative", null, "HL70277")
                .put(11, Dialect.day(from), Dialect.day(to))
                .put(
                        12,
                        query.prescription() == null
                                ? null
                                : query.prescription().priority())
                .put(15, "SOVRACUP")
                .put(19, "SOVRACUP");
        Patient patient = query.patient();
        if (patient != null && (patient.birthDate() != null || patient.sex() != null)) {
            text.segment("PID")
                    .put(1, 1)
                    .put(3, controlId, null, null, Hl7Text.within("SOVRACUP", Hl7Names.SOVRACUP_OID, "ISO"), "U")
                    .put(5, "ANONIMO", null, null, null, null, null, "S")
                    .raw(7, Dialect.day(patient.birthDate()))
                    .put(8, patient.sex());
        }
        int group = 0;
        for (Wanted each : wanted) {
            text.segment("RGS").put(1, ++group);
            text.segment("AIS").put(1, 1).raw(3, LineSegments.code(each.localCode, each.service, each.title));
            boolean somewhere = wish != null && wish.structure() != null;
            if (somewhere || publicOnly) {
                Object structure = somewhere ? Hl7Text.within(wish.structure(), Hl7Names.STS_OID, "ISO") : null;
                text.segment("AIL").put(1, 1).put(3, null, null, null, structure, null, publicOnly ? "C" : null);
                if (!dialect.atLeast("2.5")) {
                    // required there
                    text.put(4, "AMB");
                }
            }
        }
        return text.toString();
    }

    /** QRD-4 has room for ten characters: the last ones are what makes an id unlike the others. */
    private static String queryId(String controlId) {
        return controlId.substring(Math.max(0, controlId.length() - 10));
    }
}
