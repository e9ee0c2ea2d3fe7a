package it.snodo.intake.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.certificate.CertificateRequest.OnlineCollection;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Demo;
import it.snodo.intake.Incoming;
import it.snodo.intake.IntakeProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.DocumentRelationshipType;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class FhirIntakeTest {

    private static final FhirContext FHIR = FhirContext.forR4();
    private static final String MESSAGE = "07-fhir-messaggio.json";
    private static final String TRANSACTION = "08-fhir-transazione.json";

    private final FhirIntake intake =
            new FhirIntake(FHIR, new IntakeProperties(DataSize.ofMegabytes(5), Duration.ofSeconds(20)));

    private Incoming read(String body) {
        return intake.parse(body.getBytes(StandardCharsets.UTF_8), null, null, "utente", "FHIR", null);
    }

    private Incoming changed(String sample, Consumer<Bundle> change) {
        Bundle bundle = FHIR.newJsonParser().parseResource(Bundle.class, Demo.text(sample));
        change.accept(bundle);
        return read(FHIR.newJsonParser().encodeResourceToString(bundle));
    }

    private static <T extends Resource> T find(Bundle bundle, Class<T> type) {
        return bundle.getEntry().stream()
                .map(Bundle.BundleEntryComponent::getResource)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    /** The certificate of the message sample, as a system that speaks JSON would send it. */
    private static final String SAME_IN_JSON = """
            {"action":"NEW",
             "sender":{"application":"CARTELLA-FHIR","facility":"ASL CITTÀ DI TORINO","facilityCode":"010301"},
             "documentNumber":"CERT-2026-000701",
             "patient":{"fiscalCode":"DLSMLC75S43L219B","regionalId":"7105532","family":"D'ALESSANDRO",
               "given":"MARIA LUCÌA","birthDate":"1975-11-03","gender":"F",
               "address":{"use":"L","street":"Corso Giulio Cesare 118","city":"TORINO","postalCode":"10152",
                 "province":"TO","country":"100","istatCode":"001272"},
               "phone":"011 5550107","birthplace":{"name":"TORINO","istatCode":"001272"}},
             "author":{"fiscalCode":"LVRSRA82P49L219Q","family":"OLIVERO","given":"SARA",
               "telecom":"mailto:sara.olivero@example.org"},
             "legalAuthenticator":{"fiscalCode":"LVRSRA82P49L219Q","family":"OLIVERO","given":"SARA",
               "telecom":"mailto:sara.olivero@example.org"},
             "encounter":{"kind":"O","id":"AMB20261112-0711","start":"2026-11-12T10:45:00+01:00",
               "end":"2026-11-12T11:15:00+01:00","azienda":"010301","structureCode":"010007",
               "structureName":"OSPEDALE MARTINI","unitCode":"44810","unitName":"Ambulatorio di diabetologia",
               "unitTelecom":"tel:0117095001"},
             "visitTime":"2026-11-12T10:45:00+01:00",
             "question":"Controllo del diabete mellito di tipo 2 noto dal 2019.",
             "exemption":{"code":"013","description":"DIABETE MELLITO"},
             "diagnosis":{"code":"250.00","description":"Diabete mellito di tipo 2, senza complicazioni"},
             "pathology":["Diabete mellito di tipo 2 in terapia con metformina, senza complicanze d'organo documentate.",
               "Emoglobina glicata 6,8% (51 mmol/mol); pressione arteriosa 130/80 mmHg; IMC < 27."],
             "service":{"code":"89.01.8","description":"Visita endocrinologica di controllo"},
             "conclusions":["Si conferma la malattia cronica e si propone l'esenzione 013."],
             "regime":"SSN","confidentiality":"N","specialLaws":false,"nre":"010A40000000701","ticket":"E"}
            """;

    @Test
    void the_same_certificate_in_fhir_and_in_json_is_the_same_request() throws Exception {
        Incoming message = read(Demo.text(MESSAGE));
        assertThat(message.faults()).isEmpty();
        assertThat(message.request()).isEqualTo(CertificateRequestCodec.fromJson(SAME_IN_JSON));
        assertThat(message.controlId()).isEqualTo("057b3148-cda6-5c43-80da-388ab7648709");
        assertThat(message.sender()).isEqualTo("CARTELLA-FHIR|ASL CITTÀ DI TORINO");
        assertThat(message.type()).isEqualTo("$process-message");
    }

    @Test
    void the_example_of_the_documentation_is_accepted() throws Exception {
        String page = java.nio.file.Files.readString(java.nio.file.Path.of("src/docs/fhir.md"));
        String example = page.substring(page.indexOf("```json") + 7, page.lastIndexOf("```"));
        Incoming message = read(example);
        assertThat(message.faults()).isEmpty();
        assertThat(message.request()).isEqualTo(read(Demo.text(MESSAGE)).request());
    }

    @Test
    void xml_says_the_same_as_json() {
        Bundle bundle = FHIR.newJsonParser().parseResource(Bundle.class, Demo.text(MESSAGE));
        Incoming xml = read(FHIR.newXmlParser().encodeResourceToString(bundle));
        assertThat(xml.faults()).isEmpty();
        assertThat(xml.request()).isEqualTo(read(Demo.text(MESSAGE)).request());
    }

    @Test
    void a_transaction_is_read_like_a_message() {
        Incoming message = read(Demo.text(TRANSACTION));
        assertThat(message.faults()).isEmpty();
        CertificateRequest request = message.request();
        assertThat(message.type()).isEqualTo("transaction");
        assertThat(request.action()).isEqualTo(Action.NEW);
        assertThat(request.sender().application()).isEqualTo("urn:snodo:demo:cartella-territoriale");
        assertThat(request.patient().fiscalCode()).isEqualTo("PNELZU90E46Z611N");
        assertThat(request.patient().family()).isEqualTo("PEÑA");
        assertThat(request.patient().birthplace().name()).isEqualTo("LIMA");
        assertThat(request.exemption().code()).isEqualTo("019");
        assertThat(request.diagnosis().code()).isEqualTo("365.1");
        assertThat(request.author().family()).isEqualTo("FERRERO");
        assertThat(request.visitTime()).isEqualTo(OffsetDateTime.parse("2026-11-13T09:10:00+01:00"));
    }

    @Test
    void parameters_may_wrap_the_bundle_and_locations_say_so() {
        Bundle bundle = FHIR.newJsonParser().parseResource(Bundle.class, Demo.text(MESSAGE));
        Parameters parameters = new Parameters();
        parameters.addParameter().setName("content").setResource(bundle);
        Incoming message = read(FHIR.newJsonParser().encodeResourceToString(parameters));
        assertThat(message.faults()).isEmpty();
        assertThat(message.locations().get("patient.fiscalCode"))
                .isEqualTo("Parameters.parameter[0].resource.entry[2].resource.identifier[0].value");
    }

    @Test
    void every_field_knows_its_fhirpath_and_a_missing_one_that_of_its_place() {
        Incoming message = read(Demo.text(MESSAGE))
                .withFaults(List.of(
                        Fault.at(SnodoCode.IDENTIFIER_INVALID, "patient.fiscalCode", "x"),
                        Fault.at(SnodoCode.CODE_UNKNOWN, "exemption.code", "x"),
                        Fault.at(SnodoCode.FIELD_MISSING, "patient.stp", "x"),
                        Fault.at(SnodoCode.FIELD_TOO_LONG, "pathology[1]", "x"),
                        Fault.at(SnodoCode.FIELD_MISSING, "onlineCollection", "x")));
        assertThat(message.faults())
                .extracting(Fault::location)
                .containsExactly(
                        "Bundle.entry[2].resource.identifier[0].value",
                        "Bundle.entry[10].resource.costToBeneficiary[0].exception[0].type.coding[0].code",
                        "Bundle.entry[2].resource.identifier",
                        "Bundle.entry[1].resource.section[1].text.div",
                        "Bundle");
    }

    @Test
    void references_may_be_relative_absolute_or_contained() {
        Incoming message = changed(MESSAGE, bundle -> {
            Composition composition = find(bundle, Composition.class);
            Patient patient = find(bundle, Patient.class);
            patient.setId("p1");
            for (var entry : bundle.getEntry()) {
                if (entry.getResource() == patient) {
                    entry.setFullUrl("https://ospedale.example.org/fhir/Patient/p1");
                }
            }
            composition.setSubject(new org.hl7.fhir.r4.model.Reference("Patient/p1"));
            Practitioner contained = find(bundle, Practitioner.class).copy();
            contained.setId("medico");
            composition.addContained(contained);
            composition.getAttesterFirstRep().setParty(new org.hl7.fhir.r4.model.Reference("#medico"));
        });
        assertThat(message.faults()).isEmpty();
        assertThat(message.request().patient().family()).isEqualTo("D'ALESSANDRO");
        assertThat(message.request().legalAuthenticator().family()).isEqualTo("OLIVERO");
        assertThat(message.locations().get("legalAuthenticator.fiscalCode"))
                .isEqualTo("Bundle.entry[1].resource.contained[0].identifier[0].value");
    }

    @Test
    void a_reference_that_leads_nowhere_is_named() {
        Incoming message = changed(MESSAGE, bundle -> find(bundle, Composition.class)
                .setSubject(new org.hl7.fhir.r4.model.Reference("urn:uuid:00000000-0000-0000-0000-000000000000")));
        assertThat(message.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.location()).isEqualTo("Bundle.entry[1].resource.subject.reference");
            assertThat(fault.reason()).contains("non si trova nel Bundle");
        });
    }

    @Test
    void stp_eni_and_team_are_known_by_their_systems() {
        Incoming message = changed(MESSAGE, bundle -> find(bundle, Patient.class)
                .setIdentifier(List.of(
                        id("http://hl7.it/sid/piemonte/stp", "STP0103010000001"),
                        id("http://hl7.it/sid/eni", "ENI0103010000001"),
                        id("urn:oid:2.16.840.1.113883.2.9.4.3.7", "DEU.80276000000000000001"),
                        id("urn:oid:2.16.840.1.113883.2.9.4.3.3", "DEU.A123456789"),
                        id("urn:oid:2.16.840.1.113883.2.9.2.10.4.1.", "6921767"),
                        id("http://hl7.it/sid/codiceFiscale", "XXXXXXXXXXXXXXXX"))));
        CertificateRequest.Patient patient = message.request().patient();
        assertThat(message.faults()).isEmpty();
        assertThat(patient.fiscalCode()).isNull();
        assertThat(patient.stp()).isEqualTo("STP0103010000001");
        assertThat(patient.eni()).isEqualTo("ENI0103010000001");
        assertThat(patient.team().cardNumber()).isEqualTo("80276000000000000001");
        assertThat(patient.team().personalNumber()).isEqualTo("A123456789");
        assertThat(patient.team().state()).isEqualTo("DEU");
        assertThat(patient.regionalId()).isEqualTo("6921767");
    }

    private static Identifier id(String system, String value) {
        return new Identifier().setSystem(system).setValue(value);
    }

    @Test
    void the_home_is_taken_where_no_residence_is_official_and_an_old_address_never_before_it() {
        Incoming message = changed(MESSAGE, bundle -> {
            Patient patient = find(bundle, Patient.class);
            patient.getAddress().clear();
            patient.addAddress().setUse(Address.AddressUse.OLD).setCity("ASTI");
            patient.addAddress().setUse(Address.AddressUse.HOME).setCity("BRA");
        });
        assertThat(message.request().patient().address().city()).isEqualTo("BRA");
        assertThat(message.request().patient().address().use()).isEqualTo("H");
    }

    @Test
    void who_may_see_it_is_understood_in_each_of_its_forms() {
        Incoming message = changed(MESSAGE, bundle -> {
            Composition composition = find(bundle, Composition.class);
            composition
                    .getMeta()
                    .addSecurity(new Coding("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "V", null));
            composition.getMeta().addSecurity(new Coding("urn:oid:2.16.840.1.113883.2.9.3.3.6.1.3", "P97", null));
            composition.getExtension().removeIf(one -> one.getUrl().endsWith("leggi-speciali"));
            composition.addExtension(new Extension(FhirNames.SPECIAL_LAWS, new BooleanType(true)));
            Extension online = composition.addExtension().setUrl(FhirNames.ONLINE_COLLECTION);
            online.addExtension(new Extension("richiesto", new BooleanType(true)));
            online.addExtension(new Extension("pin", new StringType("13579")));
        });
        assertThat(message.faults()).isEmpty();
        assertThat(message.request().confidentiality()).isEqualTo("V");
        assertThat(message.request().underSpecialLaws()).isTrue();
        assertThat(message.request().hiddenFromParent()).isTrue();
        assertThat(message.request().onlineCollection()).isEqualTo(new OnlineCollection(true, "13579"));
    }

    @Test
    void a_label_that_the_hub_cannot_obey_is_refused_and_not_overlooked() {
        Incoming message = changed(MESSAGE, bundle -> find(bundle, Composition.class)
                .getMeta()
                .addSecurity(new Coding("urn:oid:2.16.840.1.113883.2.9.3.3.6.1.3", "P99", null)));
        assertThat(message.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.location()).isEqualTo("Bundle.entry[1].resource.meta.security[0]");
            assertThat(fault.reason()).contains("P99");
        });
    }

    @Test
    void relates_to_replaces_makes_a_replacement() {
        Incoming message = changed(MESSAGE, bundle -> {
            find(bundle, Composition.class)
                    .addRelatesTo()
                    .setCode(DocumentRelationshipType.REPLACES)
                    .setTarget(id("urn:snodo:demo:documenti", "CERT-2026-000700"));
            find(bundle, MessageHeader.class).getEventCoding().setCode("certificate-replacement");
        });
        assertThat(message.faults()).isEmpty();
        assertThat(message.request().action()).isEqualTo(Action.REPLACEMENT);
        assertThat(message.request().replacedDocumentNumber()).isEqualTo("CERT-2026-000700");
    }

    @Test
    void entered_in_error_annuls_the_document_itself() {
        Incoming message = changed(MESSAGE, bundle -> {
            find(bundle, Composition.class).setStatus(Composition.CompositionStatus.ENTEREDINERROR);
            find(bundle, MessageHeader.class)
                    .getEventCoding()
                    .setSystem(FhirNames.V2_EVENTS)
                    .setCode("T11");
        });
        assertThat(message.faults()).isEmpty();
        assertThat(message.request().action()).isEqualTo(Action.ANNULMENT);
        assertThat(message.request().replacedDocumentNumber()).isEqualTo("CERT-2026-000701");
        assertThat(message.request().documentNumber()).isNotEqualTo("CERT-2026-000701");
    }

    @Test
    void an_event_that_says_otherwise_than_the_composition_is_refused() {
        Incoming message = changed(
                MESSAGE,
                bundle -> find(bundle, MessageHeader.class).getEventCoding().setCode("certificate-annulment"));
        assertThat(message.faults()).extracting(Fault::code).containsExactly(SnodoCode.NOT_ALLOWED_TOGETHER);
        Incoming unknown = changed(
                MESSAGE,
                bundle -> find(bundle, MessageHeader.class).getEventCoding().setCode("altro"));
        assertThat(unknown.faults()).extracting(Fault::code).containsExactly(SnodoCode.EVENT_UNKNOWN);
    }

    @Test
    void a_diagnosis_in_another_code_system_is_not_taken_for_icd9() {
        Incoming message = changed(MESSAGE, bundle -> find(bundle, Condition.class)
                .getCode()
                .setCoding(List.of(new Coding("http://snomed.info/sct", "44054006", "Diabetes mellitus type 2"))));
        assertThat(message.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.code()).isEqualTo(SnodoCode.CODE_UNKNOWN);
            assertThat(fault.reason()).contains("snomed").contains("ICD-9-CM");
        });
        assertThat(message.request().diagnosis()).isNull();
        Incoming both = changed(MESSAGE, bundle -> find(bundle, Condition.class)
                .getCode()
                .getCoding()
                .add(0, new Coding("http://snomed.info/sct", "44054006", "Diabetes mellitus type 2")));
        assertThat(both.faults()).isEmpty();
        assertThat(both.request().diagnosis().code()).isEqualTo("250.00");
    }

    @Test
    void a_filler_diagnosis_and_an_exemption_in_the_coverage_type_are_understood() {
        Incoming message = changed(MESSAGE, bundle -> {
            find(bundle, Condition.class).getCode().setCoding(List.of(new Coding(FhirNames.FILLERS, "F002", null)));
            Coverage coverage = find(bundle, Coverage.class);
            coverage.getCostToBeneficiary().clear();
            coverage.getType()
                    .addCoding(new Coding("https://www.hl7.it/fhir/terminology/CodeSystem/mds-esenzioni", "048", null));
        });
        assertThat(message.faults()).isEmpty();
        assertThat(message.request().diagnosis()).isEqualTo(new Code("F002", null));
        assertThat(message.request().exemption()).isEqualTo(new Code("048", null));
    }

    @Test
    void the_filler_of_three_zeros_is_a_filler_here_too() {
        Incoming message = changed(MESSAGE, bundle -> find(bundle, Condition.class)
                .getCode()
                .setCoding(List.of(new Coding(FhirNames.FILLERS, "000", null))));
        assertThat(message.faults()).isEmpty();
        assertThat(message.request().diagnosis()).isEqualTo(new Code("000", null));
    }

    @Test
    void of_two_codici_fiscali_none_is_chosen_unless_the_other_is_old() {
        String system = "http://hl7.it/sid/codiceFiscale";
        Incoming two = changed(MESSAGE, bundle -> find(bundle, Patient.class)
                .addIdentifier()
                .setSystem(system)
                .setValue("RSSMRA80A01H501U"));
        assertThat(two.faults()).singleElement().satisfies(fault -> assertThat(fault.reason())
                .contains("due codici fiscali diversi"));

        Incoming old = changed(MESSAGE, bundle -> find(bundle, Patient.class)
                .getIdentifier()
                .add(
                        0,
                        new Identifier()
                                .setUse(Identifier.IdentifierUse.OLD)
                                .setSystem(system)
                                .setValue("RSSMRA80A01H501U")));
        assertThat(old.faults()).isEmpty();
        assertThat(old.request().patient().fiscalCode()).isNotEqualTo("RSSMRA80A01H501U");
    }

    @Test
    void two_exemptions_in_one_certificate_are_refused() {
        Incoming message = changed(MESSAGE, bundle -> find(bundle, Coverage.class)
                .getCostToBeneficiaryFirstRep()
                .addException()
                .getType()
                .addCoding(new Coding("http://terminology.hl7.it/CodeSystem/minsan-esenzioni", "019", null)));
        assertThat(message.faults()).singleElement().satisfies(fault -> assertThat(fault.reason())
                .contains("013, 019"));
    }

    @Test
    void a_section_with_no_place_in_the_certificate_is_refused_rather_than_lost() {
        Incoming message = changed(MESSAGE, bundle -> find(bundle, Composition.class)
                .addSection()
                .getCode()
                .addCoding(new Coding("http://loinc.org", "11329-0", null)));
        assertThat(message.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.location()).isEqualTo("Bundle.entry[1].resource.section[6].code");
            assertThat(fault.reason()).contains("11329-0");
        });
    }

    @Test
    void the_narrative_gives_a_paragraph_for_each_block() {
        Incoming message = read(Demo.text(MESSAGE)
                .replace(
                        "<p>Si conferma la malattia cronica e si propone l'esenzione 013.</p>",
                        "<p>Uno  <b>due</b>\\n tre.</p><ul><li>quattro &amp; cinque</li><li>sei</li></ul>sette<br/>otto"
                                + "<table><tr><td>a</td><td>b</td></tr></table>"));
        assertThat(message.faults()).isEmpty();
        assertThat(message.request().conclusions())
                .containsExactly("Uno due tre.", "quattro & cinque", "sei", "sette", "otto", "a b");
    }

    @Test
    void what_the_layout_of_the_narrative_means_is_not_lost() {
        Incoming message = read(Demo.text(MESSAGE)
                .replace(
                        "<p>Si conferma la malattia cronica e si propone l'esenzione 013.</p>",
                        "<p>GB 4,5×10<sup>3</sup>/µl, CO<sub>2</sub>, x<sup>2a</sup>, <s>guarito</s> stabile</p>"
                                + "<ol><li>dieta</li><li>controllo</li></ol><script>alert(1)</script>"));
        assertThat(message.faults()).isEmpty();
        assertThat(message.request().conclusions())
                .containsExactly("GB 4,5×10³/µl, CO₂, x^(2a), [barrato: guarito] stabile", "1. dieta", "2. controllo");
    }

    @Test
    void an_image_in_the_narrative_is_refused_rather_than_lost() {
        Incoming message = read(Demo.text(MESSAGE)
                .replace(
                        "<p>Si conferma la malattia cronica",
                        "<p><img src=\\\"x.png\\\" alt=\\\"ECG\\\"/>Si conferma la malattia cronica"));
        assertThat(message.faults())
                .extracting(Fault::path, Fault::location)
                .containsExactly(tuple("conclusions", "Bundle.entry[1].resource.section[5].text.div"));
    }

    @Test
    void what_fhir_does_not_know_is_a_fault_and_all_are_found() {
        Incoming message = read(Demo.text(MESSAGE)
                .replace("\"gender\": \"female\"", "\"gender\": \"femmina\", \"cognome\": \"X\"")
                .replace("\"birthDate\": \"1975-11-03\"", "\"birthDate\": \"03/11/1975\""));
        assertThat(message.faults()).hasSizeGreaterThanOrEqualTo(3).allSatisfy(fault -> assertThat(fault.reason())
                .isNotBlank());
        assertThat(message.faults())
                .anySatisfy(fault -> assertThat(fault.reason()).contains("cognome"));
        assertThat(message.faults())
                .anySatisfy(fault -> assertThat(fault.reason()).contains("femmina"));
        assertThat(message.faults())
                .anySatisfy(fault -> assertThat(fault.reason()).contains("03/11/1975"));
    }

    @Test
    void what_the_parser_complains_of_has_its_full_place_and_is_said_once() {
        Incoming message = read(Demo.text(MESSAGE)
                .replace("\"gender\": \"female\"", "\"gender\": \"femmina\", \"cognome\": \"X\"")
                .replace("\"birthDate\": \"1975-11-03\"", "\"birthDate\": \"03/11/1975\"")
                .replace("\"status\": \"finished\"", "\"status\": \"finito\""));
        assertThat(message.faults())
                .extracting(Fault::code, Fault::location)
                .containsExactlyInAnyOrder(
                        tuple(SnodoCode.CODE_UNKNOWN, "Bundle.entry[2].resource.gender"),
                        tuple(SnodoCode.FIELD_MALFORMED, "Bundle.entry[2].resource.cognome"),
                        tuple(SnodoCode.FIELD_MALFORMED, "Bundle.entry[2].resource.birthDate"),
                        tuple(SnodoCode.CODE_UNKNOWN, "Bundle.entry[8].resource.status"));
    }

    @Test
    void and_so_it_has_in_xml_and_inside_parameters() {
        Bundle bundle = FHIR.newJsonParser().parseResource(Bundle.class, Demo.text(MESSAGE));
        Parameters wrapped = new Parameters();
        wrapped.addParameter().setName("content").setResource(bundle);
        Incoming message = read(FHIR.newXmlParser()
                .encodeResourceToString(wrapped)
                .replace("<gender value=\"female\"/>", "<gender value=\"femmina\"/>")
                .replaceFirst("<line value=", "<via value=\"x\"/><line value="));
        assertThat(message.faults())
                .extracting(Fault::code, Fault::location)
                .containsExactlyInAnyOrder(
                        tuple(SnodoCode.CODE_UNKNOWN, "Parameters.parameter[0].resource.entry[2].resource.gender"),
                        tuple(
                                SnodoCode.FIELD_MALFORMED,
                                "Parameters.parameter[0].resource.entry[2].resource.address[0].via"));
    }

    @Test
    void a_level_of_confidentiality_that_does_not_exist_is_refused_and_named() {
        Incoming message = read(Demo.text(MESSAGE).replace("\"confidentiality\": \"N\"", "\"confidentiality\": \"X\""));
        assertThat(message.faults())
                .extracting(Fault::code, Fault::location)
                .containsExactly(tuple(SnodoCode.CODE_UNKNOWN, "Bundle.entry[1].resource.confidentiality"));
        assertThat(message.faults().get(0).reason()).contains("«X»").contains("N, R o V");
    }

    @Test
    void a_section_whose_text_is_not_well_formed_is_pointed_at() {
        Incoming message = read(Demo.text(MESSAGE).replace("IMC &lt; 27.", "<b>IMC &lt; 27."));
        assertThat(message.request()).isNull();
        assertThat(message.faults())
                .extracting(Fault::code, Fault::location)
                .containsExactly(tuple(SnodoCode.FIELD_MALFORMED, "Bundle.entry[1].resource.section[1].text.div"));
    }

    @Test
    void a_control_character_in_a_text_is_named_at_its_place() {
        Incoming message = read(Demo.text(MESSAGE).replace("IMC &lt; 27.", "IMC \\u0001 27."));
        assertThat(message.faults())
                .extracting(Fault::code, Fault::location)
                .containsExactly(tuple(SnodoCode.FIELD_MALFORMED, "Bundle.entry[1].resource.section[1].text.div"));
        assertThat(message.faults().get(0).reason()).contains("U+0001");
    }

    @Test
    void a_replacement_by_its_event_that_says_not_what_it_replaces_lacks_just_that() {
        Incoming message = changed(
                MESSAGE,
                bundle -> find(bundle, MessageHeader.class).getEventCoding().setCode("certificate-replacement"));
        assertThat(message.faults()).isEmpty();
        assertThat(message.request().action()).isEqualTo(Action.REPLACEMENT);
        assertThat(message.request().replacedDocumentNumber()).isNull();
        assertThat(message.locations()).containsEntry("replacedDocumentNumber", "Bundle.entry[1].resource.relatesTo");
    }

    @Test
    void a_wrong_istat_code_is_passed_on_to_be_named_and_not_dropped() {
        Incoming message = read(Demo.text(MESSAGE).replace("\"code\": \"001272\"", "\"code\": \"1272\""));
        assertThat(message.request().patient().address().istatCode()).isEqualTo("1272");
    }

    @Test
    void a_bundle_without_a_certificate_is_refused_by_its_type() {
        assertThat(read("{\"resourceType\":\"Bundle\",\"type\":\"transaction\"}")
                        .faults())
                .extracting(Fault::code)
                .containsExactly(SnodoCode.MESSAGE_TYPE_UNKNOWN);
        assertThat(read("{\"resourceType\":\"Patient\"}").faults())
                .extracting(Fault::code)
                .containsExactly(SnodoCode.MESSAGE_TYPE_UNKNOWN);
        assertThat(read("{\"resourceType\":\"Bundle\",\"type\":\"document\"}").faults())
                .extracting(Fault::code)
                .contains(SnodoCode.MESSAGE_TYPE_UNKNOWN);
        assertThat(read("niente").faults()).extracting(Fault::code).containsExactly(SnodoCode.MESSAGE_UNREADABLE);
    }

    @Test
    void a_document_type_declaration_reads_no_file() {
        Incoming message = read("<!DOCTYPE Bundle [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
                + "<Bundle xmlns=\"http://hl7.org/fhir\"><identifier><value value=\"a\"/></identifier>"
                + "<type value=\"message\"/><id value=\"&x;\"/></Bundle>");
        assertThat(message.request()).isNull();
        assertThat(message.faults()).isNotEmpty();
        assertThat(message.controlId()).startsWith("sha256:");
    }

    @Test
    void the_message_is_named_by_the_bundle_identifier_when_there_is_one() {
        Incoming message = changed(MESSAGE, bundle -> bundle.setIdentifier(id("urn:ospedale:messaggi", "M-1")));
        assertThat(message.controlId()).isEqualTo("urn:ospedale:messaggi|M-1");
    }

    @Test
    void if_none_exist_must_speak_of_the_same_document() {
        Incoming message = read(Demo.text(TRANSACTION)
                .replace("identifier=urn:snodo:demo:documenti|CERT-2026-000801", "identifier=altro|X"));
        assertThat(message.faults()).singleElement().satisfies(fault -> assertThat(fault.location())
                .isEqualTo("Bundle.entry[0].request.ifNoneExist"));
    }

    @Test
    void the_refusal_has_one_issue_for_each_fault_with_code_reason_and_place() {
        Incoming message = read(Demo.text(MESSAGE))
                .withFaults(List.of(
                        Fault.at(SnodoCode.IDENTIFIER_INVALID, "patient.fiscalCode", "Il codice è errato."),
                        Fault.at(SnodoCode.CODE_UNKNOWN, "regime", "Regime ignoto.")));
        byte[] answer = message.answer().build(message, new Incoming.Outcome(1, false, null, null, message.faults()));
        OperationOutcome outcome =
                (OperationOutcome) FHIR.newJsonParser().parseResource(new String(answer, StandardCharsets.UTF_8));
        assertThat(outcome.getIssue()).hasSize(2);
        var first = outcome.getIssueFirstRep();
        assertThat(first.getSeverity().toCode()).isEqualTo("error");
        assertThat(first.getCode().toCode()).isEqualTo("value");
        assertThat(first.getDetails().getCodingFirstRep().getSystem())
                .isEqualTo("https://snodo.it/fhir/CodeSystem/errors");
        assertThat(first.getDetails().getCodingFirstRep().getCode()).isEqualTo("SNODO-2005");
        assertThat(first.getDiagnostics()).isEqualTo("Il codice è errato.");
        assertThat(first.getExpression().get(0).getValue()).isEqualTo("Bundle.entry[2].resource.identifier[0].value");
        assertThat(OutcomeWriter.status(outcome)).isEqualTo(422);
    }

    @Test
    void the_acceptance_of_a_message_is_a_message_that_answers_it() {
        Incoming message = read(Demo.text(MESSAGE));
        Bundle answer = (Bundle) FHIR.newJsonParser()
                .parseResource(new String(
                        message.answer().build(message, new Incoming.Outcome(7, true, 977L, "doc-1", List.of())),
                        StandardCharsets.UTF_8));
        assertThat(answer.getType()).isEqualTo(Bundle.BundleType.MESSAGE);
        MessageHeader header = (MessageHeader) answer.getEntryFirstRep().getResource();
        assertThat(header.getResponse().getCode().toCode()).isEqualTo("ok");
        assertThat(header.getResponse().getIdentifier()).isEqualTo("057b3148-cda6-5c43-80da-388ab7648709");
        assertThat(header.getFocusFirstRep().getReference()).isEqualTo("DocumentReference/doc-1");
        assertThat(header.getFocusFirstRep().getIdentifier().getValue()).isEqualTo("977");
        assertThat(answer.getEntry().get(1).getResource()).isInstanceOf(OperationOutcome.class);
    }

    @Test
    void the_acceptance_of_a_transaction_answers_every_entry() {
        Incoming message = read(Demo.text(TRANSACTION));
        Bundle answer = (Bundle) FHIR.newJsonParser()
                .parseResource(new String(
                        message.answer().build(message, new Incoming.Outcome(7, true, 977L, "doc-1", List.of())),
                        StandardCharsets.UTF_8));
        assertThat(answer.getType()).isEqualTo(Bundle.BundleType.TRANSACTIONRESPONSE);
        assertThat(answer.getEntry()).hasSize(10).allSatisfy(entry -> {
            assertThat(entry.getResponse().getStatus()).startsWith("201");
            assertThat(entry.getResponse().getLocation()).isEqualTo("DocumentReference/doc-1");
        });
    }

    @Test
    void a_bare_certificate_gives_no_faults_of_its_own_what_is_missing_is_for_the_checks() {
        Incoming message = changed(MESSAGE, bundle -> {
            Composition composition = find(bundle, Composition.class);
            composition.setEncounter(null).setAttester(null).setSection(null).setEvent(null);
            composition.setExtension(null);
            bundle.getEntry().removeIf(entry -> List.of(
                            "Encounter", "Condition", "Coverage", "Procedure", "ServiceRequest", "Location")
                    .contains(entry.getResource().fhirType()));
        });
        assertThat(message.faults()).isEmpty();
        assertThat(message.request().pathology()).isEmpty();
        assertThat(message.request().exemption()).isNull();
        assertThat(message.request().encounter().azienda()).isEqualTo("010301");
        assertThat(message.request().patient().birthDate()).isEqualTo(LocalDate.of(1975, 11, 3));
    }

    @Test
    void an_extension_with_the_wrong_kind_of_value_is_refused() {
        Incoming message = changed(MESSAGE, bundle -> {
            Composition composition = find(bundle, Composition.class);
            composition.getExtension().clear();
            composition.addExtension(new Extension(FhirNames.SPECIAL_LAWS, new StringType("si")));
            composition.addExtension(new Extension(FhirNames.EXTENSION + "sconosciuta", new CodeType("x")));
        });
        assertThat(message.faults())
                .extracting(Fault::location)
                .containsExactlyInAnyOrder(
                        "Bundle.entry[1].resource.extension[0]", "Bundle.entry[1].resource.extension[1].url");
    }

    /** A Bundle spoiled in one value or element never breaks the reading, and every fault has a place. */
    @Property(tries = 300)
    void a_spoiled_bundle_ends_with_a_request_or_a_reason(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        JsonNode bundle = new ObjectMapper().readTree(Demo.text(random.nextBoolean() ? MESSAGE : TRANSACTION));
        for (int i = random.nextInt(3); i >= 0; i--) {
            BundleSpoiler.spoil(bundle, random);
        }
        Incoming message = read(bundle.toString());
        assertThat(message.request() != null || !message.faults().isEmpty()).isTrue();
        assertThat(message.faults()).allMatch(fault -> fault.location() != null);
    }

    @Property(tries = 150)
    void whatever_is_sent_reading_ends_with_a_request_or_a_reason(@ForAll byte[] noise) {
        Incoming message = intake.parse(noise, null, null, "u", "FHIR", null);
        assertThat(message.request() != null || !message.faults().isEmpty()).isTrue();
    }

    @Test
    void what_cannot_be_seen_is_part_of_a_text_and_stays() {
        for (String invisible : List.of("\uFEFF", "\u200B", "\u2060")) {
            String name = invisible + "D'ALESSANDRO";
            Incoming message = changed(
                    "07-fhir-messaggio.json",
                    bundle -> find(bundle, Patient.class).getNameFirstRep().setFamily(name));
            assertThat(message.faults().isEmpty() ? message.request().patient().family() : name)
                    .isEqualTo(name);
        }
    }
}
