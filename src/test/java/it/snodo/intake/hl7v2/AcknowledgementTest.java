package it.snodo.intake.hl7v2;

import static it.snodo.intake.hl7v2.Answers.field;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Incoming;
import it.snodo.intake.Incoming.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answer to a message. */
class AcknowledgementTest {

    private final Hl7v2Intake intake = Listener.intake(Listener.properties());

    private Incoming read(Object message) {
        return Listener.certificates(intake, message.toString().getBytes(StandardCharsets.UTF_8))
                .get(0);
    }

    private static String accepted(Incoming message) {
        return answer(message, new Outcome(5, true, 977L, "D1", List.of()));
    }

    private static String refused(Incoming message) {
        return answer(message, new Outcome(5, false, null, null, message.faults()));
    }

    private static String answer(Incoming message, Outcome outcome) {
        return new String(message.answer().build(message, outcome), StandardCharsets.UTF_8);
    }

    private static List<String> errors(String answer) {
        return answer.lines().filter(line -> line.startsWith("ERR|")).toList();
    }

    @Test
    void the_header_turns_sender_and_receiver_around_and_keeps_version_mode_and_charset() {
        String answer = accepted(read(Samples.certificate("A1").with("MSH", 11, "T")));
        assertThat(field(answer, "MSH", 3)).isEqualTo("SNODO");
        assertThat(field(answer, "MSH", 4)).isEqualTo("REGIONE");
        assertThat(field(answer, "MSH", 5)).isEqualTo("CARTELLA");
        assertThat(field(answer, "MSH", 6)).isEqualTo("ASL CITTA' DI TORINO^010301^ISO");
        assertThat(field(answer, "MSH", 7)).matches("\\d{14}[+-]\\d{4}");
        assertThat(field(answer, "MSH", 9)).isEqualTo("ACK^T02^ACK");
        assertThat(field(answer, "MSH", 10)).hasSizeBetween(1, 20).isNotEqualTo("A1");
        assertThat(field(answer, "MSH", 11)).isEqualTo("T");
        assertThat(field(answer, "MSH", 12)).isEqualTo("2.5");
        assertThat(field(answer, "MSH", 18)).isEqualTo("UNICODE UTF-8");
        assertThat(field(answer, "MSA", 1)).isEqualTo("AA");
        assertThat(field(answer, "MSA", 2)).isEqualTo("A1");
        assertThat(field(answer, "MSA", 3)).contains("977");
        assertThat(errors(answer)).isEmpty();
    }

    @Test
    void its_own_control_ids_never_repeat() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String id = Acknowledgement.newControlId();
            assertThat(id).hasSizeLessThanOrEqualTo(20);
            assertThat(seen.add(id)).isTrue();
        }
    }

    @Test
    void a_long_control_id_is_given_back_whole() {
        String id = "550e8400-e29b-41d4-a716-446655440000";
        assertThat(field(accepted(read(Samples.certificate(id))), "MSA", 2)).isEqualTo(id);
    }

    @Test
    void each_fault_is_one_ERR_with_place_condition_our_code_and_reason() {
        Incoming message = read(Samples.certificate("B1").with("PID", 7, "19570230"))
                .withFaults(List.of(Fault.at(SnodoCode.IDENTIFIER_INVALID, "patient.fiscalCode", "CF|errato & \\^~")));
        String answer = refused(message);
        assertThat(field(answer, "MSA", 1)).isEqualTo("AE");
        assertThat(errors(answer)).hasSize(2);
        String[] first = errors(answer).get(0).split("\\|", -1);
        assertThat(first[2]).isEqualTo("PID^1^7");
        assertThat(first[3]).isEqualTo("102^Data type error^HL70357");
        assertThat(first[4]).isEqualTo("E");
        assertThat(first[5]).isEqualTo("SNODO-2002^Formato del campo errato^99SNODO");
        assertThat(first[8]).contains("19570230");
        String[] second = errors(answer).get(1).split("\\|", -1);
        assertThat(second[2]).isEqualTo("PID^1^3^1");
        assertThat(second[8]).isEqualTo("CF\\F\\errato \\T\\ \\E\\\\S\\\\R\\");
    }

    @ParameterizedTest
    @CsvSource({"2.3,ACK", "2.3.1,ACK^T02^ACK", "2.4,ACK^T02^ACK"})
    void old_versions_get_their_own_form_of_ERR(String version, String type) {
        String answer =
                refused(read(Samples.certificate("C1").with("MSH", 12, version).with("PID", 7, "19570230")));
        assertThat(field(answer, "MSH", 9)).isEqualTo(type);
        assertThat(field(answer, "MSH", 12)).isEqualTo(version);
        assertThat(field(answer, "MSA", 3)).contains("SNODO-2002").contains("19570230");
        assertThat(field(answer, "ERR", 1))
                .startsWith("PID^1^7^102&Data type error&HL70357&SNODO-2002&")
                .contains("19570230");
    }

    @Test
    void an_absent_observation_is_named_by_its_code() {
        Incoming message = read(Samples.certificate("D1").without("OBX|3"))
                .withFaults(List.of(Fault.at(SnodoCode.FIELD_MISSING, "exemption", "Manca l'esenzione.")));
        String answer = refused(message);
        assertThat(field(answer, "ERR", 2)).isEqualTo("OBX^^3");
        assertThat(field(answer, "ERR", 8)).contains("57827-8");
    }

    @ParameterizedTest
    @CsvSource({
        "9,ADT^A01^ADT_A01,200,MSH^1^9^1^1",
        "9,MDM^T01^MDM_T01,201,MSH^1^9^1^2",
        "9,ORU^R32,201,MSH^1^9^1^2",
        "9,'',101,MSH^1^9",
        "10,'',101,MSH^1^10",
        "11,X,202,MSH^1^11",
        "11,'',202,MSH^1^11",
        "12,2.2,203,MSH^1^12",
        "12,2.7,203,MSH^1^12",
        "12,'',203,MSH^1^12",
        "14,1,100,MSH^1^14",
        "2,^~,102,MSH^1^2"
    })
    void what_the_hub_does_not_speak_is_rejected_with_AR(int field, String value, String condition, String location) {
        Incoming message = read(Samples.certificate("E1").with("MSH", field, value));
        String answer = refused(message);
        assertThat(message.request()).isNull();
        assertThat(field(answer, "MSA", 1)).isEqualTo("AR");
        assertThat(errors(answer)).hasSize(1);
        assertThat(field(answer, "ERR", 2)).isEqualTo(location);
        assertThat(field(answer, "ERR", 3)).startsWith(condition + "^");
        assertThat(field(answer, "ERR", 8)).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", " 2.5", "v2.5", "2.3.0", "2.5.2", "2.5^ITA^1"})
    void versions_from_2_3_to_2_6_are_understood(String version) {
        assertThat(read(Samples.certificate("F1").with("MSH", 12, version)).faults())
                .isEmpty();
    }

    @Test
    void a_change_of_character_set_inside_a_message_is_refused_with_103() {
        String answer = refused(read(Samples.certificate("G1").with("MSH", 20, "ISO 2022-1994")));
        assertThat(field(answer, "MSA", 1)).isEqualTo("AE");
        assertThat(field(answer, "ERR", 3)).startsWith("103^");
    }

    @ParameterizedTest
    @CsvSource({
        "AL,'',CA,CE",
        "AL,AL,CA,CE",
        "ER,'',,CE",
        "SU,'',CA,",
        "NE,AL,AA,AE",
        "'',AL,AA,AE",
        "NE,NE,,",
        "ER,AL,AA,CE",
        "'','',AA,AE"
    })
    void the_enhanced_mode_answers_what_the_peer_asked_for(String accept, String application, String good, String bad) {
        Samples message = Samples.certificate("H1").with("MSH", 15, accept).with("MSH", 16, application);
        String yes = accepted(read(message));
        assertThat(yes.isEmpty() ? null : field(yes, "MSA", 1)).isEqualTo(good);
        String no = refused(read(message.with("PID", 7, "19570230")));
        assertThat(no.isEmpty() ? null : field(no, "MSA", 1)).isEqualTo(bad);
    }

    @Test
    void a_message_that_commits_in_enhanced_mode_is_rejected_with_CR() {
        Samples message = Samples.certificate("I1").with("MSH", 15, "AL").with("MSH", 9, "ADT^A01");
        assertThat(field(refused(read(message)), "MSA", 1)).isEqualTo("CR");
    }

    @Test
    void the_answer_uses_the_senders_separators() {
        String other = Samples.certificate("J1")
                .with("PID", 7, "19570230")
                .toString()
                .replace('|', '#')
                .replace('^', '$')
                .replace("~\\&", "*!@");
        String answer = refused(read(other));
        assertThat(answer)
                .startsWith("MSH#$*!@#SNODO#REGIONE#CARTELLA#")
                .contains("\rMSA#AE#J1")
                .contains("ERR##PID$1$7#102$");
    }

    @Test
    void when_everything_else_fails_there_is_still_an_answer() {
        byte[] header = Samples.certificate("K1").toString().getBytes(StandardCharsets.UTF_8);
        String answer = new String(Acknowledgement.lastResort(header), StandardCharsets.UTF_8);
        assertThat(field(answer, "MSA", 1)).isEqualTo("AE");
        assertThat(field(answer, "MSA", 2)).isEqualTo("K1");
        assertThat(new String(Acknowledgement.lastResort(new byte[] {1, 2, 3}), StandardCharsets.UTF_8))
                .contains("MSA|AE|");
    }
}
