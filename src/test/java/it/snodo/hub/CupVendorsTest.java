package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.demo.MllpClient;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * CUPs of several vendors tell the hub over a socket what has become of appointments made at their own desks, each by its own
 * conventions: the life of an appointment from S12 to its end, and what nobody knows.
 */
class CupVendorsTest {

    private static final String PERSON = "RSSMRA80A41L219M";
    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyyMMddHHmm");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

    /** One thing that is told. */
    private record Told(String event, String id, String filler, LocalDateTime start, String status) {

        String minutes() {
            return MINUTES.format(start);
        }

        String offset() {
            return SECONDS.format(start) + DateTimeFormatter.ofPattern("xx").format(start.atZone(ROME));
        }

        String end() {
            return SECONDS.format(start.plusMinutes(20));
        }
    }

    /** How a vendor writes it. */
    private enum Vendor {
        /** Everything is there, and its own Z segments; ids are told by MR and SS; rooms before persons, and no seconds. */
        WIDE("2.3", "\r", true, StandardCharsets.UTF_8) {
            @Override
            List<String> segments(Told told) {
                return List.of(
                        "MSH|^~\\&|SCHED|010301|SNODO|REGIONE|" + told.minutes() + "|JDOE|SIU^" + told.event + "|"
                                + told.id + "|P|2.3",
                        "SCH|771^SCHED|" + told.filler + "^SCHED|||||VISITA|OFFICE VISIT|20|MIN|^^20^" + told.minutes()
                                + "^|||||99^OPERATORE^PRIMO||||99^OPERATORE^PRIMO|||||" + told.status,
                        "ZSC|1|altro|^^",
                        "PID|1||E123^^^SCHED^MR~" + PERSON
                                + "^^^CF^SS~E123^^^SCHED^MR||ROSSI^MARIA^A||19800101|F|||VIA PO"
                                + " 1^^TORINO^^10124^IT||011 5661566^^PH~^NET^Internet^m@example.org",
                        "PV1||O|AMB12^^^010123||||V77^VERDI^LUIGI",
                        "RGS|1|A",
                        "AIS|1|A|89.7A.3^VISITA|" + told.minutes() + "|0|min|20|min",
                        "AIG|1|A|V77^VERDI^LUIGI|M||||" + told.minutes() + "|0|min|20|min",
                        "AIL|1|A|AMB12^1^^010123|||" + told.minutes(),
                        "AIP|1|A|V77^VERDI^LUIGI|MEDICO||" + told.minutes(),
                        "ZAI|x");
            }
        },
        /** Only the filler's id, no service at all: a person and a place; line feeds. */
        RESOURCES("2.3", "\n", true, StandardCharsets.UTF_8) {
            @Override
            List<String> segments(Told told) {
                return List.of(
                        "MSH|^~\\&|MILL|010301^010301^L|SNODO|010|" + told.minutes() + "||SIU^" + told.event + "^SIU_"
                                + told.event + "|" + told.id + "|P|2.3.1",
                        "SCH||" + told.filler + "|||||^VISITA|GEN|20|MINUTES|^^20^" + told.minutes() + "^"
                                + told.end().substring(0, 12) + "|||||1^A^B||||1^A^B|||||" + told.status.toUpperCase(),
                        "PID|1||" + PERSON + "^^^MEF^NNITA||ROSSI^MARIA||19800101000000|F",
                        "RGS|1",
                        "AIG|1||ROOM 5|ROOM|||||||||",
                        "AIP|1||^VERDI^LUIGI|DOC||" + told.minutes() + "|||20|MINUTES");
            }
        },
        /** The placer's id alone, which is the vendor's own; the last segment has no end; times in SCH-11 only. */
        SHORT("2.4", "\r", false, StandardCharsets.UTF_8) {
            @Override
            List<String> segments(Told told) {
                return List.of(
                        "MSH|^~\\&|MED|010301|||" + told.minutes() + "||SIU^" + told.event + "|" + told.id + "|P|2.4",
                        "SCH|" + told.filler + "^MED|||||X^" + "REASON|||20|min|^^M20^" + told.minutes()
                                + "|||||D^DESK||||D^DESK",
                        "PID|||" + PERSON + "||ROSSI^MARIA||19800101|F",
                        "RGS|1");
            }
        },
        /** Latin letters that nobody declares, persons before places, the codice fiscale where old messages have it. */
        ITALIAN_OLD("2.5", "\r", true, Charset.forName("windows-1252")) {
            @Override
            List<String> segments(Told told) {
                return List.of(
                        "MSH|^~\\&|CUPWEB|010301^2.16.840.1.113883.2.9.4.1.1^ISO|SNODO|010|" + told.minutes() + "||SIU^"
                                + told.event + "^SIU_S12|" + told.id + "|P|2.5|||||ITA",
                        "SCH||" + told.filler
                                + "^CUP^2.16.840.1.113883.2.9.2.10.99^ISO|||AG-1|RICH^Perch\u00e9 s\u00ec \\T\\ no|ROUTINE|"
                                + "Normal|20|min|^^^" + SECONDS.format(told.start) + "|||||1^B||||1^B|||||"
                                + told.status,
                        "TQ1|1||||||" + SECONDS.format(told.start) + "|" + told.end(),
                        "PID|1||77^^^ANAG^PI||ROSSI^MARIA NICOL\u00d2||19800101|F|||VIA UNIT\u00c0 1^^TORINO^^^100^L^^001272||non fornito|||||"
                                + PERSON + "^^^CF",
                        "RGS|1|A",
                        "AIS|1|A|301-0001^VISITA CARDIOLOGICA|" + SECONDS.format(told.start) + "|||20|min",
                        "AIP|1|A|VRDLGU60A01L219X^VERDI^LUIGI",
                        "AIL|1|A|AMB12^^^010123");
            }
        },
        /** Enhanced mode, offset, both ids, CR and LF, everything declared. */
        ITALIAN_NEW("2.5.1", "\r\n", true, StandardCharsets.UTF_8) {
            @Override
            List<String> segments(Told told) {
                return List.of(
                        "MSH|^~\\&|CUP|010301|SOVRACUP|010|" + told.offset() + "||SIU^" + told.event + "^SIU_S12|"
                                + told.id + "|P|2.5.1|||AL|NE|ITA|UNICODE UTF-8",
                        "SCH|P-" + told.filler + "^CUP|" + told.filler
                                + "^CUP||010A01234567890^NRE||||Normal|20|min||||||C1^" + "SPORTELLO||||OP9|||||"
                                + told.status + "^^HL70278|010A01234567890^NRE",
                        "TQ1|1||||||" + told.offset() + "||B",
                        "NTE|1|L|Portare gli esami \\.br\\ precedenti|PI",
                        "PID|1||" + PERSON + "^^^MEF&2.16.840.1.113883.2.9.4.3.2&ISO^NNITA||ROSSI^MARIA||19800101|F",
                        "RGS|1",
                        "AIS|1||301-0001^VISITA^99CRP^89.7A.3^VISITA^99NTR|" + told.offset() + "|||20|min|No|Booked",
                        "AIL|1||AMB12^^^010123&2.16.840.1.113883.2.9.4.1.3&ISO^^C",
                        "ZZZ|fine");
            }
        },
        /** A header of 2.2, which has no SIU: its senders mean 2.3. */
        TWO_TWO("2.2", "\r", true, StandardCharsets.UTF_8) {
            @Override
            List<String> segments(Told told) {
                return WIDE.segments(told).stream()
                        .map(each -> each.replace("|P|2.3", "|P|2.2"))
                        .toList();
            }
        },
        /** 2.6. */
        TWO_SIX("2.6", "\r", true, StandardCharsets.UTF_8) {
            @Override
            List<String> segments(Told told) {
                return ITALIAN_NEW.segments(told).stream()
                        .map(each -> each.replace("|2.5.1|||AL|NE|", "|2.6|||||"))
                        .toList();
            }
        };

        private final String version;
        private final String end;
        private final boolean ended;
        private final Charset charset;

        Vendor(String version, String end, boolean ended, Charset charset) {
            this.version = version;
            this.end = end;
            this.ended = ended;
            this.charset = charset;
        }

        abstract List<String> segments(Told told);

        byte[] message(Told told) {
            return (segments(told).stream().collect(Collectors.joining(end)) + (ended ? end : "")).getBytes(charset);
        }
    }

    private static final RunningHub HUB = RunningHub.get();

    private final LocalDateTime first = LocalDate.now(ROME).plusDays(40).atTime(9, 30);

    /** Sends, requires the answer that fits, and gives it. */
    private static String tell(
            Vendor vendor, String code, String event, String filler, LocalDateTime start, String status) {
        Told told = new Told(event, Outside.unique("V"), filler, start, status);
        try (MllpClient peer = new MllpClient(HUB.mllp)) {
            String ack =
                    new String(peer.send(MllpClient.frame(vendor.message(told))).receiveBytes(), vendor.charset);
            List<String> msa = Stream.of(ack.split("\r"))
                    .filter(each -> each.startsWith("MSA"))
                    .map(each -> each.split("\\|", -1))
                    .flatMap(Arrays::stream)
                    .toList();
            String expected =
                    vendor == Vendor.ITALIAN_NEW ? code.replace("AA", "CA").replace("AE", "CA") : code;
            assertThat(msa.get(1)).as("%s %s: %s", vendor, event, ack).isEqualTo(expected);
            assertThat(msa.get(2)).isEqualTo(told.id);
            assertThat(ack).contains("|" + vendor.segments(told).get(0).split("\\|")[11]);
            return told.id;
        }
    }

    private static JsonNode booking(String code) {
        JsonNode answer = HUB.json("/api/v1/bookings/" + code + "?fiscalCode=" + PERSON, "ops");
        return answer.has("booking") ? answer.path("booking") : answer;
    }

    private static void stands(String code, String state, LocalDateTime start) {
        JsonNode booking = booking(code);
        assertThat(booking.path("state").asText()).as(booking.toString()).isEqualTo(state);
        assertThat(OffsetDateTime.parse(booking.at("/lines/0/slot/start").asText())
                        .atZoneSameInstant(ROME)
                        .toLocalDateTime())
                .isEqualTo(start);
    }

    @ParameterizedTest
    @EnumSource
    void an_appointment_of_the_cup_is_followed_from_its_making_to_its_end(Vendor vendor) {
        String filler = Outside.unique("F");
        String made = tell(vendor, "AA", "S12", filler, first, "Booked");
        String code = HUB.message(made).path("bookingCode").asText();
        assertThat(code).startsWith("SC");
        stands(code, "BOOKED", first);

        String again = tell(vendor, "AA", "S12", filler, first, "Booked");
        assertThat(HUB.message(again).path("bookingCode").asText())
                .as("told twice, made once")
                .isEqualTo(code);
        tell(vendor, "AA", "S13", filler, first.plusDays(1), "Booked");
        stands(code, "BOOKED", first.plusDays(1));
        tell(vendor, "AA", "S14", filler, first.plusDays(2), "Booked");
        stands(code, "BOOKED", first.plusDays(2));
        tell(vendor, "AA", "S14", filler, first.plusDays(2), "Booked");
        tell(vendor, "AA", "S15", filler, first.plusDays(2), "Cancelled");
        stands(code, "REVOKED", first.plusDays(2));
        tell(vendor, "AA", "S26", filler, first.plusDays(2), "Noshow");
        stands(code, "REVOKED", first.plusDays(2));

        String other = Outside.unique("F");
        String second = HUB.message(tell(vendor, "AA", "S12", other, first, "Booked"))
                .path("bookingCode")
                .asText();
        assertThat(second).isNotEqualTo(code);
        tell(vendor, "AA", "S26", other, first, "Noshow");
        stands(second, "NO_SHOW", first);
    }

    @ParameterizedTest
    @EnumSource
    void what_nobody_knows_of_is_answered_so_and_makes_nothing(Vendor vendor) {
        for (String event : List.of("S13", "S14", "S15", "S17", "S26")) {
            String id = tell(vendor, "AE", event, Outside.unique("F"), first, "Booked");
            JsonNode message = HUB.message(id);
            assertThat(message.path("state").asText()).isEqualTo("REFUSED");
            assertThat(message.path("bookingCode").asText("")).isEmpty();
        }
    }
}
