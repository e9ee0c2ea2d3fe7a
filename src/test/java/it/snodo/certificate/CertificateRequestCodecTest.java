package it.snodo.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequest.Address;
import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.certificate.CertificateRequest.Encounter;
import it.snodo.certificate.CertificateRequest.OnlineCollection;
import it.snodo.certificate.CertificateRequest.Patient;
import it.snodo.certificate.CertificateRequest.Place;
import it.snodo.certificate.CertificateRequest.Professional;
import it.snodo.certificate.CertificateRequest.Sender;
import java.lang.reflect.RecordComponent;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CertificateRequestCodecTest {

    static CertificateRequest full() {
        return new CertificateRequest(
                Action.NEW,
                new Sender("CARTELLA", "ASL CITTA' DI TORINO", "010301"),
                "D-1",
                null,
                new Patient(
                        "RSSMRA80A01H501U",
                        null,
                        null,
                        null,
                        "6921767",
                        "D'ANGELO",
                        "NICOLÒ",
                        LocalDate.of(1980, 1, 1),
                        "M",
                        new Address("L", "Via Po 1", "Torino", "10124", "TO", "100", "001272"),
                        "0115661566",
                        new Place("ROMA", "058091")),
                new Professional("VRDLGU60A01L219X", "VERDI", "LUIGI", "mailto:l.verdi@example.org"),
                null,
                new Encounter("O", "E1", null, null, "010301", "010010", null, "44946", "Onco CAS", null),
                OffsetDateTime.parse("2026-03-01T10:15:00+01:00"),
                "Visita per <sospetto> & dubbio",
                new Code("0A02", null),
                new Code("395", null),
                List.of("Primo paragrafo.", "Secondo «paragrafo»."),
                new Code("89.7A.3", "Prima visita cardiologica"),
                List.of(),
                "SSN",
                null,
                true,
                null,
                null,
                new OnlineCollection(true, "12345"),
                "E");
    }

    @Test
    void a_request_survives_xml_and_json_unchanged() throws Exception {
        CertificateRequest request = full();
        assertThat(CertificateRequestCodec.fromXml(CertificateRequestCodec.toXml(request)))
                .isEqualTo(request);
        assertThat(CertificateRequestCodec.fromJson(CertificateRequestCodec.toJson(request)))
                .isEqualTo(request);
    }

    @Test
    void the_pin_is_in_no_text_that_could_be_logged() {
        assertThat(full().onlineCollection().toString()).doesNotContain("12345");
        assertThat(full().toString()).doesNotContain("ANGELO");
    }

    @Test
    void characters_that_xml_cannot_carry_are_left_out_and_the_rest_survives() throws Exception {
        CertificateRequest sent = CertificateRequestCodec.fromJson(CertificateRequestCodec.toJson(full())
                .replace("Primo paragrafo.", "Pri\\u0007mo \\ud800 paragrafo \\ufffe\\ud83e\\udec0."));
        assertThat(sent.pathology().get(0)).contains("\u0007");
        assertThat(CertificateRequestCodec.fromXml(CertificateRequestCodec.toXml(sent))
                        .pathology())
                .startsWith("Primo  paragrafo \ud83e\udec0.");
    }

    @Property(tries = 300)
    void a_request_alone_is_written_as_inside_the_document_that_templates_are_given(@ForAll long seed)
            throws ReflectiveOperationException {
        CertificateRequest request = (CertificateRequest) any(CertificateRequest.class, new Random(seed));
        String inside = CertificateRequestCodec.toXml(new CertificateDocument(null, request, null))
                .replaceFirst("^<certificate><request", "<certificateRequest")
                .replaceFirst("</request></certificate>$", "</certificateRequest>");
        assertThat(CertificateRequestCodec.toXml(request)).isEqualTo(inside);
    }

    private static final String[] WORDS = {
        "", "a", "ROSSI", "<b", "&amp;", "à è", "\n", "\"'", "]]", "\u00a0", "\u2028", "1", "X.Y", " ", "«–€", "\ufffd"
    };
    /** Characters that XML escapes here and not there, or cannot carry. */
    private static final String[] RARE = {
        ">", "]]>", "\r", "\t", "\u0007", "\ud800", "\ud83e\udec0", "\ufffe", "\u007f", "\u0080", "\u0085", "\u009f"
    };

    /** A record with anything in it; a field in four is absent. */
    private static Object any(Class<?> type, Random random) throws ReflectiveOperationException {
        if (type.isRecord()) {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(4) == 0 ? null : any(components[i].getType(), random);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        }
        if (type == List.class) {
            return List.of(any(String.class, random), any(String.class, random));
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        }
        if (type == Boolean.class) {
            return random.nextBoolean();
        }
        if (type == LocalDate.class) {
            return LocalDate.ofEpochDay(random.nextInt(40_000));
        }
        if (type == OffsetDateTime.class) {
            return OffsetDateTime.of(
                    LocalDateTime.ofEpochSecond(random.nextInt(), random.nextInt(3) * 1_000_000, ZoneOffset.UTC),
                    ZoneOffset.ofHours(random.nextInt(4)));
        }
        assertThat(type).isEqualTo(String.class);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            String[] words = random.nextInt(200) == 0 ? RARE : WORDS;
            text.append(words[random.nextInt(words.length)]);
        }
        return text.toString();
    }
}
