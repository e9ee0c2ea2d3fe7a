package it.snodo.certificate;

import static it.snodo.certificate.Requests.good;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.certificate.CertificateDocument.Organization;
import it.snodo.certificate.CertificateDocument.Resolved;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableResolverTest {

    private static final String NATIONAL = "2.16.840.1.113883.2.9.6.1.22";
    private static final String REGIONAL = "2.16.840.1.113883.2.9.2.10.6.22";

    private static Resolved resolve(Requests.Change change) {
        return new TableResolver(Requests.TABLES, Requests.AZIENDE, Requests.PROPERTIES).resolve(change.request());
    }

    @Test
    void a_request_is_completed_from_the_tables() {
        Resolved resolved = resolve(good().set("exemption.code", "002a"));
        assertThat(resolved)
                .isEqualTo(new Resolved(
                        "0A02",
                        "Malattie cardiache e del circolo polmonare",
                        NATIONAL,
                        "Malattie croniche",
                        "395",
                        "Malattie della valvola aortica",
                        "89.7A.3",
                        "Prima visita cardiologica",
                        "2.16.840.1.113883.2.9.6.1.11",
                        "N",
                        "Documento prodotto in regime di SSN (in seguito a impegnativa SSN o screening)",
                        "mailto:luigi.verdi@example.org",
                        "010",
                        "Regione Piemonte",
                        new Organization(
                                "010301",
                                "2.16.840.1.113883.2.9.4.1.1",
                                "ASL Città di Torino",
                                null,
                                "Torino",
                                "https://www.aslcittaditorino.it"),
                        new Organization(
                                "010003",
                                "2.16.840.1.113883.2.9.4.1.2",
                                "Ospedale Maria Vittoria",
                                null,
                                "Torino",
                                null),
                        "44801",
                        "Cardiologia",
                        "Torino",
                        "TO",
                        "100",
                        "Italia",
                        "Roma",
                        "058091",
                        LocalDate.of(2026, 3, 1),
                        false));
    }

    @ParameterizedTest
    @CsvSource({"0A02," + NATIONAL, "RA0030," + NATIONAL, "D01B," + REGIONAL, "M52," + REGIONAL})
    void the_catalogue_of_an_exemption_is_the_nation_s_or_the_region_s(String code, String system) {
        assertThat(resolve(good().set("exemption.code", code)).exemptionSystem())
                .isEqualTo(system);
    }

    @ParameterizedTest
    @CsvSource({"F002, -", "F022, -", "000, '000 - -'"})
    void a_filler_is_never_sent_out(String filler, String words) {
        Resolved resolved = resolve(good().set("diagnosis.code", filler).set("diagnosis.description", words));
        assertThat(resolved.diagnosisCode()).isNull();
        assertThat(resolved.diagnosisDescription()).isNull();
    }

    @Test
    void a_diagnosis_gets_its_dot_and_our_words_before_the_sender_s() {
        Resolved resolved = resolve(good().set("diagnosis.code", "v422").set("diagnosis.description", "valv."));
        assertThat(resolved.diagnosisCode()).isEqualTo("V42.2");
        assertThat(resolved.diagnosisDescription()).isEqualTo("Valvola cardiaca sostituita da trapianto");
    }

    @Test
    void a_request_without_a_service_gets_the_generic_visit() {
        Resolved resolved = resolve(good().without("service"));
        assertThat(resolved.serviceCode()).isEqualTo("89.7");
        assertThat(resolved.serviceDescription()).isEqualTo("Prima visita");
    }

    @Test
    void leggi_speciali_make_the_document_very_restricted() {
        assertThat(resolve(good().set("specialLaws", true).without("confidentiality"))
                        .confidentiality())
                .isEqualTo("V");
        assertThat(resolve(good().set("confidentiality", "V")).confidentiality())
                .isEqualTo("V");
        assertThat(resolve(good().set("confidentiality", "R")).confidentiality())
                .isEqualTo("R");
        assertThat(resolve(good().without("confidentiality")).confidentiality()).isEqualTo("N");
    }

    @Test
    void the_author_is_reached_as_well_as_can_be() {
        assertThat(resolve(good().set("author.telecom", "011/566.15-66")).authorTelecom())
                .isEqualTo("tel:0115661566");
        assertThat(resolve(good().set("author.telecom", "+39 011 5661566")).authorTelecom())
                .isEqualTo("tel:+390115661566");
        assertThat(resolve(good().set("author.telecom", "l.verdi@example.org")).authorTelecom())
                .isEqualTo("mailto:l.verdi@example.org");
        Requests.Change stranger = good().set("author.fiscalCode", "AAAAAA00A11B000J");
        assertThat(resolve(stranger).authorTelecom()).as("the unit's").isEqualTo("tel:+390110000001");
        assertThat(resolve(stranger.set("encounter.unitTelecom", "0112223334")).authorTelecom())
                .as("the unit's as the sender says it")
                .isEqualTo("tel:0112223334");
        assertThat(resolve(stranger.without("encounter.unitTelecom").set("encounter.unitCode", "12345"))
                        .authorTelecom())
                .as("the azienda's")
                .isEqualTo("https://www.aslcittaditorino.it");
    }

    @Test
    void an_unknown_structure_keeps_the_sender_s_name_for_it() {
        Organization structure = resolve(good().set("encounter.structureCode", "999123")
                        .set("encounter.structureName", "Poliambulatorio San Paolo"))
                .structure();
        assertThat(structure)
                .isEqualTo(new Organization(
                        "999123", "2.16.840.1.113883.2.9.4.1.3", "Poliambulatorio San Paolo", null, null, null));
    }

    @Test
    void an_old_azienda_is_the_one_of_today() {
        Resolved resolved = resolve(good().without("encounter").set("sender.facilityCode", "901"));
        assertThat(resolved.azienda().code()).isEqualTo("010909");
        assertThat(resolved.structure()).isNull();
    }

    @Test
    void a_person_born_abroad_has_the_state_and_its_code() {
        Resolved byCode = resolve(good().json("patient.birthplace", "{\"istatCode\":\"216\"}"));
        assertThat(byCode.birthplaceName()).isEqualTo("Germania");
        assertThat(byCode.birthplaceIstatCode()).isEqualTo("999216");
        Resolved town = resolve(good().json("patient.birthplace", "{\"name\":\"Vilnius\",\"istatCode\":\"999249\"}"));
        assertThat(town.birthplaceName()).isEqualTo("Vilnius");
        Resolved byName = resolve(good().json("patient.birthplace", "{\"name\":\"ROMANIA\"}"));
        assertThat(byName.birthplaceIstatCode()).isEqualTo("999235");
        Resolved comune = resolve(good().json("patient.birthplace", "{\"name\":\"CUNEO\"}"));
        assertThat(comune.birthplaceName()).isEqualTo("Cuneo");
        assertThat(comune.birthplaceIstatCode()).isEqualTo("004078");
        Resolved gone =
                resolve(good().json("patient.birthplace", "{\"name\":\"Vecchio Comune\",\"istatCode\":\"001999\"}"));
        assertThat(gone.birthplaceName()).isEqualTo("Vecchio Comune");
        assertThat(gone.birthplaceIstatCode()).isEqualTo("001999");
    }

    @Test
    void a_residence_is_told_in_words_and_codes() {
        Resolved abroad = resolve(good().json(
                        "patient.address",
                        "{\"street\":\"Hauptstr. 1\",\"city\":\"Köln\",\"postalCode\":\"50667\",\"country\":\"DE\"}"));
        assertThat(abroad.residenceCountryCode()).isEqualTo("216");
        assertThat(abroad.residenceCountryName()).isEqualTo("Germania");
        assertThat(abroad.residenceCityName()).isEqualTo("Köln");
        assertThat(abroad.residenceProvince()).isNull();
        Resolved bare = resolve(good().json("patient.address", "{\"street\":\"Via Po 1\",\"city\":\"ALBA\"}"));
        assertThat(bare.residenceCityName()).isEqualTo("Alba");
        assertThat(bare.residenceProvince()).isEqualTo("CN");
        assertThat(bare.residenceCountryCode()).isEqualTo("100");
    }

    @Test
    void who_is_under_eighteen_on_the_day_of_the_visit_is_a_minor() {
        assertThat(resolve(good().set("patient.birthDate", "2008-03-02")).minor())
                .isTrue();
        assertThat(resolve(good().set("patient.birthDate", "2008-03-01")).minor())
                .isFalse();
    }
}
