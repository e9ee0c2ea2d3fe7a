package it.snodo.document;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.certificate.CertificateDocument;
import it.snodo.certificate.CertificateDocument.Identity;
import it.snodo.certificate.CertificateDocument.Organization;
import it.snodo.certificate.CertificateDocument.Resolved;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequest.Address;
import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.certificate.CertificateRequest.Encounter;
import it.snodo.certificate.CertificateRequest.Patient;
import it.snodo.certificate.CertificateRequest.Place;
import it.snodo.certificate.CertificateRequest.Professional;
import it.snodo.certificate.CertificateRequest.Sender;
import it.snodo.certificate.CertificateRequest.TeamCard;
import it.snodo.config.ConfigFolder;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.xml.transform.stream.StreamSource;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.sf.saxon.s9api.Processor;

/** Whatever optional field is absent, and whatever stands in a free text, the document is valid. */
class CdaTemplatesPropertyTest {

    private static final CdaTemplates TEMPLATES = new CdaTemplates(new ConfigFolder(Path.of("")));
    private static final Processor PARSER = new Processor(false);

    @Property(tries = 40)
    void a_document_is_valid_whatever_is_absent(
            @ForAll @Size(120) List<Boolean> present,
            @ForAll("patients") Patient who,
            @ForAll("texts") String text,
            @ForAll("moments") OffsetDateTime one,
            @ForAll("moments") OffsetDateTime other)
            throws Exception {
        CertificateDocument document = new Maker(present, text, one, other).document(who);
        byte[] cda = TEMPLATES.render(document);
        Optional<OfficialRsa> official = OfficialRsa.find();
        if (official.isPresent()) {
            assertThat(official.get().findings(cda)).isEmpty();
        } else {
            PARSER.newDocumentBuilder().build(new StreamSource(new ByteArrayInputStream(cda)));
        }
        assertThat(TEMPLATES.render(document)).isEqualTo(cda);
    }

    /** Anything a keyboard or a broken conversion can produce, control characters and half surrogates included. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(120),
                Arbitraries.strings()
                        .withChars("aàÈ'’«»<>&\"%@ \n\r\t\u0000\u0007\uFFFE-.,;:/123+")
                        .ofMaxLength(200));
    }

    @Provide
    Arbitrary<OffsetDateTime> moments() {
        return Arbitraries.longs().between(1_577_836_800L, 2_208_988_800L).flatMap(second -> Arbitraries.integers()
                .between(-12, 14)
                .map(hours ->
                        OffsetDateTime.ofInstant(java.time.Instant.ofEpochSecond(second), ZoneOffset.ofHours(hours))));
    }

    /** Every kind of identification, alone and together. */
    @Provide
    Arbitrary<Patient> patients() {
        TeamCard card = new TeamCard("80276000310001234567", "M120394567", null);
        return Arbitraries.of(
                patient("RSSMRA80A01H501U", null, null, null, null),
                patient("RSSMRA80A01H50MM", null, null, null, "6921767"),
                patient("rssmra80a01h501u", "STP0103010000123", null, card, "-1"),
                patient(null, "STP0103010000123", null, null, "6921767"),
                patient(null, null, "ENI0103010000456", null, null),
                patient(null, null, null, card, null),
                patient("12345678903", null, "ENI0103010000456", null, null),
                patient(null, null, null, null, "6921767"));
    }

    private static Patient patient(String fiscalCode, String stp, String eni, TeamCard card, String regionalId) {
        return new Patient(fiscalCode, stp, eni, card, regionalId, "ROSSI", "MARIA", null, null, null, null, null);
    }

    /** Makes a request, asking for each optional field whether it is there. */
    private static final class Maker {
        private final Iterator<Boolean> present;
        private final String text;
        private final OffsetDateTime one;
        private final OffsetDateTime other;

        Maker(List<Boolean> present, String text, OffsetDateTime one, OffsetDateTime other) {
            this.present = present.iterator();
            this.text = text;
            this.one = one;
            this.other = other;
        }

        private <T> T maybe(T value) {
            return present.next() ? value : null;
        }

        CertificateDocument document(Patient who) {
            boolean replacement = present.next();
            Identity identity = new Identity(
                    977,
                    "2.16.840.1.113883.2.9.2.10.4.4",
                    "B",
                    replacement ? "A" : maybe("B"),
                    replacement ? 2 : 1,
                    replacement ? maybe("A") : null,
                    one);
            return new CertificateDocument(identity, request(who), maybe(resolved()));
        }

        private CertificateRequest request(Patient who) {
            return new CertificateRequest(
                    Action.NEW,
                    new Sender("CARTELLA", maybe("ASL" + text), maybe("010301")),
                    "D-1",
                    null,
                    patient(who),
                    professional("GLLBRC68C52L219N"),
                    maybe(professional("FRRPLA71M14F205W")),
                    maybe(encounter()),
                    maybe(other),
                    maybe(text),
                    maybe(new Code("0A02", maybe(text))),
                    maybe(new Code("F022", maybe(text))),
                    maybe(List.of(text, "Seconda riga\n\n" + text)),
                    maybe(new Code("89.01", maybe(text))),
                    maybe(List.of(text)),
                    maybe("SSN"),
                    maybe("R"),
                    maybe(true),
                    maybe(true),
                    maybe("010A04000000248"),
                    null,
                    null);
        }

        private Patient patient(Patient who) {
            return new Patient(
                    who.fiscalCode(),
                    who.stp(),
                    who.eni(),
                    who.team(),
                    who.regionalId(),
                    "D'" + text,
                    "N" + text,
                    maybe(LocalDate.of(1957, 6, 9)),
                    maybe(present.next() ? "M" : "U"),
                    maybe(new Address(
                            maybe(present.next() ? "L" : "N"),
                            maybe("Via " + text),
                            maybe("TORINO"),
                            maybe("10124"),
                            maybe("TO"),
                            maybe("100"),
                            maybe("001272"))),
                    maybe("3331234567; 011 " + text + "@"),
                    maybe(new Place(maybe("R" + text), maybe(present.next() ? "058091" : "999215"))));
        }

        private Professional professional(String fiscalCode) {
            return new Professional(fiscalCode, "V" + text, "L" + text, maybe("x@y" + (present.next() ? text : "")));
        }

        private Encounter encounter() {
            return new Encounter(
                    maybe(present.next() ? "I" : "O"),
                    maybe("E" + text),
                    maybe(one),
                    maybe(other),
                    maybe("010301"),
                    maybe("010004"),
                    maybe("S" + text),
                    maybe("44946"),
                    maybe("U" + text),
                    maybe(text));
        }

        private Resolved resolved() {
            return new Resolved(
                    maybe("0A02"),
                    maybe("E" + text),
                    maybe("2.16.840.1.113883.2.9.6.1.22"),
                    maybe("Malattie croniche"),
                    maybe(present.next() ? "395" : "F022"),
                    maybe(text),
                    maybe("89.01"),
                    maybe("S" + text),
                    maybe("2.16.840.1.113883.2.9.2.10.6.11"),
                    maybe("V"),
                    maybe("Documento " + text),
                    maybe("tel:0115661566"),
                    maybe("010"),
                    maybe("Piemonte"),
                    maybe(organization("010301", "2.16.840.1.113883.2.9.4.1.1")),
                    maybe(organization("010004", "2.16.840.1.113883.2.9.4.1.2")),
                    maybe("44946"),
                    maybe("U" + text),
                    maybe("Torino"),
                    maybe("TO"),
                    maybe("100"),
                    maybe("Italia"),
                    maybe("Roma"),
                    maybe("058091"),
                    maybe(LocalDate.of(2026, 3, 1)),
                    maybe(false));
        }

        private Organization organization(String code, String oid) {
            return new Organization(
                    code,
                    maybe(oid),
                    maybe("O" + text),
                    maybe("Via " + text),
                    maybe("Torino"),
                    maybe("011 1234" + text));
        }
    }
}
