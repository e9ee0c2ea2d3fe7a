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
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
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
}
