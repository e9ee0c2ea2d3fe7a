package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/**
 * Certificates that nobody has seen, made by a seed: odd names, all exemption families, foreigners, missing optional
 * fields, long notes, every form and charset, now and then replaced in another form. Each is accepted and ends published, valid for the Ministry's files.
 *
 * <p>{@code -Dsnodo.test.certificates=300} makes more of them, {@code -Dsnodo.test.seed=N} others.
 */
class UnseenCertificatesTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);
    private static final int COUNT = Integer.getInteger("snodo.test.certificates", 40);
    private static final long SEED = Long.getLong("snodo.test.seed", 20261122L);
    private static final int VERA_EVERY = 12;

    private static final String[] FAMILIES = {
        "D'ANGELO",
        "DE' MEDICI",
        "ÓSKARSDÓTTIR",
        "NICOLÒ-PIÙ",
        "von der Leyen",
        "MÜLLER",
        "ŁUKASZEWICZ",
        "Παπαδόπουλος",
        "Иванова",
        "O'",
        "LI",
        "DELL'ACQUA CÔTÉ",
        "ÑÚÑEZ",
        "ŞAHIN",
        "BO",
        "D’AMICO",
        "NICOLO\u0300 PIU\u0300",
        "王",
        "الإدريسي",
        "R&D <ROSSI> \"BIS\"",
        "A".repeat(100)
    };
    private static final String[] LATIN1 = {"D'ANGELO", "MÜLLER", "NICOLÒ", "CÔTÉ", "ÑÚÑEZ", "LI"};
    private static final String[] GIVEN = {
        "MARIA LUCÌA",
        "José",
        "Anne-Marie",
        "ZOË",
        "Ελένη",
        "Наталья",
        "Al",
        "NOÈ",
        "Giosuè Maria Ambrogio",
        "X",
        "小明",
        "محمد",
        "Jose\u0301",
        "B".repeat(100)
    };
    private static final String[] NOTES = {
        "Esami: Hb < 8 g/dl & PLT > 450.000; «stabile» — «migliorata».",
        "Pressione 135/80 mmHg | frequenza 72^min ~ regolare \\ nessun soffio.",
        "Terapia: 1) metformina 500 mg ×2; 2) ASA 100 mg; 3) dieta.",
        "Si allega referto n. 12/2026 — cfr. visita del 03/10/2026 (dott.ssa D’Amico).",
        "Temperatura 37,2 °C; dolore 7/10; “non riferisce” altri sintomi; µg, ½, €.",
        "Riga uno\nriga due\n\nun altro paragrafo",
        "</text> ]]> <!-- --> <script>x</script> &amp; &lt; <?pi?> \\F\\ \\.br\\ %s ${x}",
        "Globuli bianchi 4,5×10³/µl, CO₂, H₂O, Na⁺ — ≤ ≥ ± → ✓ 😀 👨‍👩‍👧",
        "Riferisce ألم da 3 giorni; 头痛; шум в ушах; ζάλη; \u202Eoirartnoc\u202C.",
        "Pneumonoultramicroscopicsilicovolcanoconiosis".repeat(12),
        "con\u00A0spazi\u200Binvisibili\u00AD e\ttabulazioni"
    };
    /** What a sender writes who has nothing to write: HL7's explicit nothing, and fields of blanks. */
    private static final String[] NOTHING = {"\"\"", " "};

    private final Random random = new Random(SEED);
    private final List<CSVRecord> exemptions = table("exemptions");
    private final List<CSVRecord> pairs = table("exemption-diagnoses");
    private final List<CSVRecord> rare = table("rare-diseases");
    private final List<CSVRecord> services = table("services");
    private final Map<String, List<CSVRecord>> families = new LinkedHashMap<>();

    /** @param replaced whether another takes its place */
    private record Sent(String controlId, String how, Certificate certificate, boolean replaced) {}

    @Test
    void certificates_never_seen_are_published_and_valid() {
        for (CSVRecord exemption : exemptions) {
            families.computeIfAbsent(exemption.get("family"), family -> new ArrayList<>())
                    .add(exemption);
        }
        List<Sent> sent = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            String id = Outside.unique("U" + i);
            boolean replaced = i % 5 == 3;
            Certificate certificate = certificate(id, narrow(i), latin1(i));
            send(i, id, certificate, replaced, sent, refused);
            if (replaced) {
                // by whichever form comes next in turn, about the same person
                String next = Outside.unique("V" + i);
                int way = i + 1 + random.nextInt(8);
                Certificate second = certificate(next, true, true)
                        .with("action", "REPLACEMENT")
                        .with("replacedDocumentNumber", id);
                second.json.set("patient", certificate.json.get("patient"));
                if (!narrow(way) || narrow(i)) {
                    send(way, next, second, false, sent, refused);
                }
            }
        }
        assertThat(refused).isEmpty();
        AtomicInteger count = new AtomicInteger();
        List<String> wrong = new ArrayList<>();
        for (Sent one : sent) {
            try {
                String document =
                        OUT.published(one.controlId).path("documentId").asText();
                if (!one.replaced) {
                    OUT.publishedOnce(document);
                }
                OUT.sound(document, count.getAndIncrement() % VERA_EVERY == 0);
            } catch (AssertionError e) {
                wrong.add(one.how + " " + one.certificate.json + "\n    " + e.getMessage());
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static final String[] CHARSETS = {
        "UNICODE UTF-8", "8859/1", "8859/15", "UNICODE UTF-8", "8859/1", "UNICODE UTF-8"
    };
    private static final String[] VERSIONS = {"2.5", "2.3", "2.3.1", "2.4", "2.5.1", "2.6"};

    /** Whether the form of that turn carries Western letters alone. */
    private static boolean narrow(int i) {
        return i % 9 < 6 && !CHARSETS[i % 9].startsWith("UNICODE");
    }

    private static boolean latin1(int i) {
        return narrow(i) && CHARSETS[i % 9].equals("8859/1");
    }

    private void send(
            int i, String id, Certificate certificate, boolean replaced, List<Sent> sent, List<String> refused) {
        int way = i % 9;
        String how;
        String answer;
        String controlId = id;
        boolean yes;
        if (way < 6) {
            how = "HL7 " + VERSIONS[way] + " " + CHARSETS[way];
            Charset charset = CHARSETS[way].startsWith("UNICODE")
                    ? StandardCharsets.UTF_8
                    : Charset.forName(CHARSETS[way].equals("8859/1") ? "ISO-8859-1" : "ISO-8859-15");
            answer = HUB.mllp(certificate.hl7(id, VERSIONS[way], CHARSETS[way]).getBytes(charset), charset);
            yes = answer.contains("MSA|AA|" + id);
        } else {
            HttpResponse<byte[]> http =
                    switch (way) {
                        case 6 -> OUT.rest(chosen(certificate), id);
                        case 7 -> OUT.fhirMessage(certificate, id);
                        default -> OUT.fhirTransaction(certificate, id);
                    };
            how = way == 6 ? "REST" : way == 7 ? "FHIR message" : "FHIR transaction";
            controlId = way == 6 ? id : "urn:prove:messaggi|" + id;
            answer = Outside.text(http);
            yes = http.statusCode() < 300;
        }
        if (yes) {
            sent.add(new Sent(controlId, how, certificate, replaced));
        } else {
            refused.add(how + " " + certificate.json.path("exemption") + certificate.json.path("diagnosis") + " "
                    + answer.replace('\r', '\n'));
        }
    }

    private Certificate certificate(String id, boolean narrow, boolean latin1) {
        Certificate certificate = Certificate.plain(id);
        String family = pick(narrow ? LATIN1 : FAMILIES);
        String given = narrow ? pick("MARIA LUCÌA", "José", "NOÈ") : pick(GIVEN);
        boolean female = random.nextBoolean();
        boolean minor = random.nextInt(5) == 0;
        LocalDate birth = LocalDate.of(
                minor ? 2012 + random.nextInt(10) : 1930 + random.nextInt(75),
                1 + random.nextInt(12),
                1 + random.nextInt(28));
        certificate
                .with("patient.family", family)
                .with("patient.given", given)
                .with("patient.birthDate", birth.toString())
                .with("patient.gender", random.nextInt(15) == 0 ? "U" : female ? "F" : "M")
                .with("patient.fiscalCode", Certificate.fiscalCode(family, given, birth, female, "L219"));
        foreigner(certificate);
        disease(certificate);
        texts(certificate, latin1, narrow);
        place(certificate);
        if (minor && random.nextBoolean()) {
            certificate.with("obscuredToParent", "true");
        }
        if (random.nextInt(6) == 0) {
            certificate.with("specialLaws", "true").with("confidentiality", random.nextBoolean() ? "V" : null);
        } else if (random.nextInt(6) == 0) {
            certificate.with("confidentiality", pick("N", "R", "V"));
        }
        certificate.with("regime", pick("SSN", "INPATIENT", "NOSSN", "SSR", "DONOR"));
        if (random.nextInt(3) == 0) {
            certificate.with("nre", "010A4" + String.format("%010d", random.nextInt(1_000_000_000)));
        }
        if (random.nextInt(3) == 0) {
            certificate.with("ticket", pick("S", "N", "P", "E", "U", "R", "F"));
        }
        if (random.nextInt(4) == 0) {
            certificate.with("onlineCollection.requested", "true").with("onlineCollection.pin", "48213");
        }
        if (random.nextInt(4) == 0) {
            certificate
                    .with("legalAuthenticator.fiscalCode", "BRTMRC68P22D205D")
                    .with("legalAuthenticator.family", "BERTOGLIO")
                    .with("legalAuthenticator.given", "MARCO");
        }
        for (String optional : List.of(
                "question",
                "conclusions",
                "service",
                "patient.address",
                "patient.phone",
                "patient.birthplace",
                "encounter.id",
                "encounter.end",
                "encounter.unitName",
                "patient.address.street",
                "patient.address.postalCode",
                "patient.address.istatCode",
                "patient.birthplace.istatCode",
                "exemption.description",
                "diagnosis.description",
                "service.description")) {
            if (random.nextInt(6) == 0 && certificate.has(optional)) {
                certificate.without(optional);
            }
        }
        for (String optional : List.of(
                "question", "patient.phone", "encounter.unitName", "patient.address.street", "exemption.description")) {
            if (random.nextInt(12) == 0 && certificate.has(optional)) {
                certificate.with(optional, pick(NOTHING));
            }
        }
        if (random.nextInt(4) == 0) {
            certificate.with("patient.regionalId", String.valueOf(1 + random.nextInt(9_999_999)));
        }
        if (random.nextInt(6) == 0 && certificate.has("patient.fiscalCode")) {
            String code = certificate.text("patient.fiscalCode").toLowerCase();
            certificate.with("patient.fiscalCode", code.substring(0, 6) + " " + code.substring(6));
        }
        return certificate;
    }

    private void foreigner(Certificate certificate) {
        switch (random.nextInt(8)) {
            case 0 ->
                certificate
                        .without("patient.fiscalCode", "patient.birthplace.istatCode")
                        .with("patient.birthplace.name", "Casablanca")
                        .with("patient.stp", "STP010301" + String.format("%07d", random.nextInt(10_000_000)));
            case 1 ->
                certificate
                        .without("patient.fiscalCode")
                        .with("patient.eni", "ENI010301" + String.format("%07d", random.nextInt(10_000_000)));
            case 2 -> {
                certificate
                        .without("patient.fiscalCode", "patient.address", "patient.birthplace")
                        .with("patient.team.state", "DEU")
                        .with(
                                "patient.team.cardNumber",
                                "80276" + String.format("%015d", random.nextInt(1_000_000_000)))
                        .with("patient.team.personalNumber", "D" + random.nextInt(1_000_000_000));
                certificate
                        .with("patient.address.street", "Straße 1")
                        .with("patient.address.city", "Köln")
                        .with("patient.address.postalCode", "D-50667")
                        .with("patient.address.country", "DEU");
            }
            default -> {
                // a citizen
            }
        }
    }

    /** A doctor takes a diagnosis of the catalogue, which has one also for an exemption that needs none. */
    private static Certificate chosen(Certificate certificate) {
        if ("RA0030".equals(certificate.text("exemption.code"))) {
            return certificate.copy().with("diagnosis.code", "F022");
        }
        return certificate.has("diagnosis.code")
                ? certificate
                : certificate.copy().with("diagnosis.code", "000");
    }

    private void disease(Certificate certificate) {
        List<String> names = new ArrayList<>(families.keySet());
        names.remove("legacy_regional_pre1999");
        String family = names.get(random.nextInt(names.size()));
        CSVRecord exemption = pick(families.get(family));
        String code = exemption.get("code");
        boolean old = !exemption.get("valid_to").isBlank();
        if (family.equals("rare")) {
            CSVRecord disease = pick(rare);
            code = disease.get("code");
            old = !disease.get("valid_to").isBlank();
        }
        if (old) {
            return;
        }
        certificate.json.putObject("exemption").put("code", code);
        certificate.without("diagnosis");
        String wanted = code;
        List<CSVRecord> fitting = pairs.stream()
                .filter(row -> row.get("exemption").equals(wanted))
                .toList();
        if (code.equals("048")) {
            certificate.with("diagnosis.code", "F002");
        } else if (!fitting.isEmpty()) {
            String diagnosis = pick(fitting).get("diagnosis");
            certificate.with("diagnosis.code", random.nextBoolean() ? diagnosis : diagnosis.replace(".", ""));
        } else if (exemption.get("diagnosis").startsWith("required")) {
            certificate.with("diagnosis.code", "250.00");
        }
    }

    private void texts(Certificate certificate, boolean latin1, boolean narrow) {
        List<String> notes = new ArrayList<>();
        int size = random.nextInt(16);
        int paragraphs = size == 0 ? 400 : size < 3 ? 60 : 1 + random.nextInt(4);
        for (int i = 0; i < paragraphs; i++) {
            String note = pick(NOTES);
            notes.add(
                    narrow
                            ? note.replaceAll(latin1 ? "[^\\u0000-\\u00ff]" : "[^\\u0000-\\u007fà-ü]", "")
                            : note.repeat(paragraphs > 10 ? 5 : 1));
        }
        certificate.paragraphs("pathology", notes);
        certificate.paragraphs("conclusions", notes.subList(0, 1));
        CSVRecord service = pick(services);
        certificate.json.putObject("service").put("code", service.get("code"));
    }

    private void place(Certificate certificate) {
        String kind = pick("O", "O", "I", "E");
        certificate.with("encounter.kind", kind);
        if (!kind.equals("O")) {
            certificate
                    .with("encounter.start", "2026-11-08T22:15:00+01:00")
                    .with("encounter.end", random.nextBoolean() ? "2026-11-14T11:00:00+01:00" : null);
        }
    }

    private String pick(String... values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static List<CSVRecord> table(String name) {
        try (CSVParser rows = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(Files.newBufferedReader(Path.of("mappings", name + ".csv")))) {
            return rows.getRecords();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
