package it.snodo.booking.cup;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Note;
import it.snodo.booking.Proposal;
import it.snodo.booking.cup.CupPort.Found;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.cup.CupPort.Reply.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of CUPs of several vendors. */
class AnswerReaderTest {

    private static final byte[] COMMAND = "MSH|^~\\&|SOVRACUP\rSCH|SC2026000123\r".getBytes(StandardCharsets.UTF_8);

    private static final String SRR = "MSH|^~\\&|CUP|010301|SOVRACUP|010|20261122101500+0100||SRR^S01^SRR_S01|1|P|2.5\r"
            + "MSA|AA|SN1\r"
            + "SCH|SC2026000123^SOVRACUP|CUP203-884512^CUP203||||NEW|||20|min|^^M20^20261210093000+0100\r"
            + "NTE|1|L|Ticket 36,15 EUR|TICKET\rNTE|2|L|Portare esami precedenti~e la tessera|PI\r"
            + "RGS|1\rAIS|1||301-0004^VISITA^99CRP^89.7A.3^VISITA^99NTR|20261210093000+0100||||||||20.00^EUR^99TKT\r"
            + "RGS|2\rAIS|1||301-0010^ECG^99CRP^89.52^ECG^99NTR|20261210095000+0100||||||||x^^99QTY~16.15^EUR^99TKT\r"
            + "NTE|1|L|Senza crema|99NP\r";

    private static final String SQR = "MSH|^~\\&|CUP|010301|SOVRACUP|010|20261122101500+0100||SQR^S25^SQR_S25|1|P|2.5\r"
            + "MSA|AA|SQ1\rQAK|SQ1|OK\r"
            + "SCH|||||AG-CAR-02||||20|min|^^^20261211093000+0100\rNTE|1|L|36.15|TICKET\rNTE|2|L|Piano terra|99NO\r"
            + "RGS|1\rAIS|1||301-0004^VISITA^99CRP|20261211093000+0100|||20|min\rAIG|1||AG-CAR-02|AGENDA\r"
            + "AIL|1||AMB3^^^010012&2.16.840.1.113883.2.9.4.1.3&ISO^^P^^^Casa di cura Prova\r"
            + "SCH|||||AG-CAR-01||||15|min|^^^20261210083000\r"
            + "RGS|1\rAIS|1||301-0004^VISITA^99CRP|20261210083000\r"
            + "SCH|||||AG-X||||20|min\rRGS|1\rAIS|1||UNKNOWN^?^99CRP|20261212083000+0100\r"
            + "SCH|||||AG-X||||20|min\rRGS|1\rAIS|1||301-0004^VISITA^99CRP|\r";

    private static Reply read(String answer) {
        return AnswerReader.read(answer.getBytes(StandardCharsets.UTF_8), COMMAND);
    }

    @Test
    void an_srr_says_what_was_booked() {
        Reply reply = read(SRR);
        assertThat(reply.outcome()).isEqualTo(Outcome.DONE);
        assertThat(reply.fillerCode()).isEqualTo("CUP203-884512");
        assertThat(reply.ticket()).isEqualByComparingTo("36.15");
        assertThat(reply.localTickets().get(0)).isEqualByComparingTo("20.00");
        assertThat(reply.localTickets().get(1)).isEqualByComparingTo("16.15");
        assertThat(reply.notes())
                .containsExactly(
                        new Note(Note.Kind.PATIENT, null, "Portare esami precedenti\ne la tessera", null),
                        new Note(Note.Kind.SERVICE, "89.52", "Senza crema", null));
    }

    @Test
    void amounts_stand_with_their_services_in_whatever_order_the_cup_names_them() {
        byte[] command = ("MSH|^~\\&|SOVRACUP\rRGS|1\rAIS|1||89.52^ECG^99NTR^301-0010^^99CRP\r"
                        + "RGS|2\rAIS|1||89.7A.3^VISITA^99NTR^301-0004^^99CRP\r")
                .getBytes(StandardCharsets.UTF_8);

        Reply reply = AnswerReader.read(SRR.getBytes(StandardCharsets.UTF_8), command);

        assertThat(reply.localTickets().get(0)).isEqualByComparingTo("16.15");
        assertThat(reply.localTickets().get(1)).isEqualByComparingTo("20.00");
    }

    @Test
    void segments_may_end_in_line_feeds_and_names_may_be_wrong() {
        assertThat(read(SRR.replace("\r", "\r\n").replace("SRR_S01", "SRR_S04").replace("|2.5", "|2.7"))
                        .fillerCode())
                .isEqualTo("CUP203-884512");
        assertThat(read("MSH|^~\\&|CUP|||||||1|P|2.5\nMSA|AE|SN1\nERR|||206^Locked^HL70357|E\n")
                        .outcome())
                .isEqualTo(Outcome.TAKEN);
    }

    @Test
    void an_org_says_it_for_each_order() {
        String head = "MSH|^~\\&|CUP|||||ORG^O20^ORG_O20|1|P|2.5\rMSA|AA|SN1\r";
        assertThat(read(head + "ORC|OK|SC2026000123#1|CUP204-7\rORC|OK|SC2026000123#2|CUP204-7\r"))
                .satisfies(reply -> {
                    assertThat(reply.outcome()).isEqualTo(Outcome.DONE);
                    assertThat(reply.fillerCode()).isEqualTo("CUP204-7");
                });
        assertThat(read(head + "ERR|||206^Locked^HL70357|E\rORC|UA|SC2026000123#1\rORC|UA|SC2026000123#2\r")
                        .outcome())
                .isEqualTo(Outcome.TAKEN);
        assertThat(read(head + "ORC|UA|SC2026000123#1\rORC|UA|SC2026000123#2\r").outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(read(head + "ORC|OK|SC2026000123#1\rORC|UA|SC2026000123#2\r").outcome())
                .as("half done is neither done nor refused")
                .isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void of_several_errors_one_that_no_other_slot_mends_makes_it_a_refusal() {
        Reply reply = read("MSH|^~\\&|CUP|||||ACK|1|P|2.5\rMSA|AE|SN1\rERR|||206^Locked^HL70357|E\r"
                + "ERR|||207^Error^HL70357|E|SC-012^Impegnativa scaduta^99SC\r");
        assertThat(reply.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(reply.code()).isEqualTo("SC-012");
    }

    @Test
    void a_rejection_says_as_much_as_an_error_does() {
        String head = "MSH|^~\\&|CUP|||||ACK|1|P|2.5\rMSA|AR|SN1";
        assertThat(read(head + "\rERR|||206^Locked^HL70357|E\r").outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(read(head + "\rERR|||205^Duplicate^HL70357|E\r").outcome()).isEqualTo(Outcome.DONE);
        assertThat(read(head + "\rERR|||207^Error^HL70357|E|SC-012^Scaduta^99SC\r")
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(read(head + "\rERR|||101^Required^HL70357|E\r").outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void what_was_rejected_without_a_reason_of_the_booking_was_not_done() {
        for (String verdict : new String[] {"AR", "CR"}) {
            String head = "MSH|^~\\&|CUP|||||ACK|1|P|2.5\rMSA|" + verdict + "|SN1|Archivio fermo\r";
            assertThat(read(head).outcome()).isEqualTo(Outcome.UNSENT);
            assertThat(read(head).words()).isEqualTo("Archivio fermo");
            assertThat(read(head + "ERR|||207^Error^HL70357|E\r").outcome()).isEqualTo(Outcome.UNSENT);
        }
        assertThat(read("MSH|^~\\&|CUP|||||ACK|1|P|2.5\rMSA|AE|SN1\rERR|||207^Error^HL70357|E\r")
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void a_booking_shown_as_ours_is_ours_whatever_the_CUP_calls_it() {
        String known =
                "MSH|^~\\&|CUP|||||ACK|1|P|2.5\rMSA|AE|SN1\rERR|||205^Duplicate^HL70357|E|C77^Gia' ricevuta^CUP\r";
        assertThat(read(known + "SCH|SC2026000123|CUP203-7\r").outcome()).isEqualTo(Outcome.DONE);
        assertThat(read(known + "SCH|SC2026000999|CUP203-7\r").outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(read(known).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // 2.3 to 2.4, with and without a place; only a number; MSA-6; the other half of ERR-3
                "MSA|AE|SN1;ERR|SCH^1^11^206&Application record locked&HL70357",
                "MSA|AE|SN1;ERR|^^^206",
                "MSA|AE|SN1;ERR|206",
                "MSA|AE|SN1|Posto occupato|||206^Application record locked^HL70357;",
                "msa|ae| SN1 |Posto occupato;ERR|||LOCKED^occupato^99CUP^206^Application record locked^HL70357|E",
                "MSA| ae |SN1;ERR|||206^^HL70357|e",
                "MSA|AR|SN1;ERR|||206|E",
                "MSA|CE|SN1;ERR||SCH^1^11|206^x^HL70357|E"
            })
    void a_place_that_is_gone_is_understood_however_it_is_said(String msa, String err) {
        String answer = "MSH|^~\\&|CUP|||||ACK^S12|1|P|2.4\r" + msa.replace("msa", "MSA") + "\r"
                + (err == null ? "" : err + "\r");
        assertThat(AnswerReader.fit(answer.getBytes(StandardCharsets.UTF_8), "SN1"))
                .isEqualTo(MllpLine.Fit.OURS);
        assertThat(read(answer).outcome()).isEqualTo(Outcome.TAKEN);
    }

    @ParameterizedTest
    @CsvSource({"Pending", "WAITLIST", "Cancelled", "Deleted", "Blocked", "No Show"})
    void a_yes_that_shows_no_booking_is_no_yes(String status) {
        String shown = SRR.replace("|20261210093000+0100\rNTE", "\rNTE")
                .replace("^^M20^20261210093000+0100\r", "^^M20^20261210093000+0100||||||||||||||" + status + "\r");
        assertThat(shown).contains(status);
        Reply reply = read(shown);
        assertThat(reply.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(reply.words()).contains(status);
        byte[] off = "MSH|^~\\&|SOVRACUP||||||SRM^S04^SRM_S01|SN1\rARQ|SC2026000123\r".getBytes(StandardCharsets.UTF_8);
        assertThat(AnswerReader.read(shown.getBytes(StandardCharsets.UTF_8), off)
                        .outcome())
                .as("what is taken off is not booked")
                .isEqualTo(Outcome.DONE);
    }

    @Test
    void a_yes_shows_when_each_service_is() {
        Reply reply = read(SRR);
        assertThat(reply.starts())
                .containsEntry(0, OffsetDateTime.parse("2026-12-10T09:30:00+01:00"))
                .containsEntry(1, OffsetDateTime.parse("2026-12-10T09:50:00+01:00"));
        assertThat(read("MSH|^~\\&|CUP|||||ACK|1|P|2.5\rMSA|AA|SN1\r").starts()).isEmpty();
    }

    @Test
    void the_cups_code_is_what_stands_before_its_namespace() {
        assertThat(read("MSH|^~\\&|CUP|||||ACK|1|P|2.5\rMSA|aa|SN1\rNTE|1|L|CUP7-1^CUP301|filler\r")
                        .fillerCode())
                .isEqualTo("CUP7-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Ticket 1.234,50 EUR;1234.50",
                "2 prestazioni: 36,15;36.15",
                "36.15;36.15",
                "Entro il 10.12.2026 pagare 20,00;20.00",
                "36,5;36.50",
                "Ticket 36 euro;36.00",
                "0;0.00"
            })
    void an_amount_is_found_among_words(String text, String amount) {
        assertThat(AnswerReader.amount(text)).isEqualTo(new java.math.BigDecimal(amount));
    }

    @Test
    void free_places_come_in_time_order_with_regional_codes() {
        Found found = PlacesReader.read(SQR.getBytes(StandardCharsets.UTF_8), "010301", Sample.catalogue());
        assertThat(found.failure()).isNull();
        assertThat(found.proposals()).hasSize(2);
        Proposal first = found.proposals().get(0);
        assertThat(first.slot().start()).isEqualTo(OffsetDateTime.parse("2026-12-10T08:30:00+01:00"));
        assertThat(first.slot().agenda()).isEqualTo("AG-CAR-01");
        assertThat(first.slot().minutes()).isEqualTo(15);
        assertThat(first.slot().privateStructure()).isNull();
        Proposal second = found.proposals().get(1);
        assertThat(second.service()).isEqualTo("89.7A.3");
        assertThat(second.localCode()).isEqualTo("301-0004");
        assertThat(second.ticket()).isEqualByComparingTo("36.15");
        assertThat(second.notes()).containsExactly(new Note(Note.Kind.OPERATOR, null, "Piano terra", null));
        assertThat(second.slot().azienda()).isEqualTo("010301");
        assertThat(second.slot().structure()).isEqualTo("010012");
        assertThat(second.slot().unit()).isEqualTo("AMB3");
        assertThat(second.slot().place()).isEqualTo("Casa di cura Prova");
        assertThat(second.slot().privateStructure()).isTrue();
        assertThat(second.slot().proposed()).isTrue();
    }

    @Test
    void nothing_found_is_no_failure_and_a_refused_search_is() {
        String head = "MSH|^~\\&|CUP|||||SQR^S25|1|P|2.5\r";
        assertThat(PlacesReader.read(
                                (head + "MSA|AA|SQ1\rQAK|SQ1|NF\r").getBytes(StandardCharsets.UTF_8),
                                "010301",
                                Sample.catalogue())
                        .failure())
                .isNull();
        assertThat(PlacesReader.read(
                                (head + "MSA|AE|SQ1\rERR|||207|E||||Archivio fermo\r").getBytes(StandardCharsets.UTF_8),
                                "010301",
                                Sample.catalogue())
                        .failure())
                .contains("Archivio fermo");
    }

    @Property(tries = 300)
    void no_answer_however_spoilt_makes_the_reader_fail(
            @ForAll Random random, @ForAll @IntRange(max = 12) int changes, @ForAll boolean search) {
        byte[] bytes =
                (search ? SQR : SRR.replace("|AA|", "|AE|") + "ERR|||205^x|E\r").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < changes; i++) {
            bytes = spoilt(bytes, random);
        }
        AnswerReader.fit(bytes, "SN1");
        Reply reply = AnswerReader.read(bytes, COMMAND);
        assertThat(reply.outcome()).isNotNull();
        Found found = PlacesReader.read(bytes, "010301", CATALOGUE);
        assertThat(found.proposals())
                .allSatisfy(each -> assertThat(each.slot().start()).isNotNull());
    }

    private static final it.snodo.booking.catalogue.BookingCatalogue CATALOGUE = Sample.catalogue();

    private static byte[] spoilt(byte[] bytes, Random random) {
        String marks = "|^~\\&\r\n0A-\u0000é";
        int at = random.nextInt(bytes.length);
        byte[] made;
        switch (random.nextInt(4)) {
            case 0 -> {
                made = bytes.clone();
                made[at] = (byte) marks.charAt(random.nextInt(marks.length()));
            }
            case 1 -> made = java.util.Arrays.copyOf(bytes, Math.max(1, at));
            case 2 -> {
                made = new byte[bytes.length + 1];
                System.arraycopy(bytes, 0, made, 0, at);
                made[at] = (byte) marks.charAt(random.nextInt(marks.length()));
                System.arraycopy(bytes, at, made, at + 1, bytes.length - at);
            }
            default -> {
                int length = Math.min(bytes.length - at, random.nextInt(40));
                made = new byte[bytes.length + length];
                System.arraycopy(bytes, 0, made, 0, at + length);
                System.arraycopy(bytes, at, made, at + length, bytes.length - at);
            }
        }
        return made;
    }
}
