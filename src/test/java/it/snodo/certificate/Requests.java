package it.snodo.certificate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.config.ConfigFolder;
import it.snodo.registry.CodeTables;
import it.snodo.registry.CodiceFiscale;
import it.snodo.registry.IdentifierProperties;
import jakarta.validation.Validation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A good request, and small changes to it. All persons are invented. */
final class Requests {

    static final Instant NOW = Instant.parse("2026-03-01T11:00:00Z");
    static final CodeTables TABLES = new CodeTables(new ConfigFolder(Path.of(".")));
    static final AziendaResolver AZIENDE = new AziendaResolver(TABLES);
    static final CertificateProperties PROPERTIES = new CertificateProperties(
            CertificateProperties.DiagnosisPairs.OFF, Duration.ofMinutes(15), ZoneId.of("Europe/Rome"));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GOOD = """
            {"action":"NEW",
             "sender":{"application":"CARTELLA","facility":"ASL CITTA' DI TORINO","facilityCode":"010301"},
             "documentNumber":"D-1",
             "patient":{"fiscalCode":"RSSMRA80A01H501U","family":"D'ANGELO","given":"NICOLÒ","birthDate":"1980-01-01",
               "gender":"M","address":{"use":"L","street":"Via Po 1","city":"TORINO","postalCode":"10124",
               "province":"TO","country":"100","istatCode":"001272"},"phone":"0115661566",
               "birthplace":{"name":"ROMA","istatCode":"058091"}},
             "author":{"fiscalCode":"VRDLGU60A01L219E","family":"VERDI","given":"LUIGI"},
             "encounter":{"kind":"O","id":"E1","start":"2026-03-01T10:00:00+01:00","end":"2026-03-01T10:30:00+01:00",
               "azienda":"010301","structureCode":"010003","unitCode":"44801","unitName":"Cardiologia"},
             "visitTime":"2026-03-01T10:15:00+01:00",
             "question":"Dolore toracico",
             "exemption":{"code":"0A02"},
             "diagnosis":{"code":"395"},
             "pathology":["Primo paragrafo.","Secondo paragrafo."],
             "service":{"code":"89.7A.3"},
             "conclusions":["Conferma la diagnosi."],
             "regime":"SSN","confidentiality":"N","nre":"1300A4000000248","ticket":"E"}
            """;

    private Requests() {}

    static CertificateRules rules(CertificateProperties properties, CodiceFiscale.Strictness strictness) {
        return new CertificateRules(
                Validation.buildDefaultValidatorFactory().getValidator(),
                TABLES,
                AZIENDE,
                new IdentifierProperties(strictness),
                properties,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    static Change good() {
        try {
            return new Change((ObjectNode) JSON.readTree(GOOD));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    static Change annulment() {
        return good().set("action", "ANNULMENT").set("replacedDocumentNumber", "D-0");
    }

    /** Changes by path; a value is JSON when it starts like an object, a list or a number, text otherwise. */
    static final class Change {

        private final ObjectNode root;

        private Change(ObjectNode root) {
            this.root = root;
        }

        Change set(String path, String value) {
            return put(path, JSON.getNodeFactory().textNode(value));
        }

        Change set(String path, boolean value) {
            return put(path, JSON.getNodeFactory().booleanNode(value));
        }

        Change json(String path, String value) {
            try {
                return put(path, JSON.readTree(value));
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }

        Change without(String path) {
            int dot = path.lastIndexOf('.');
            JsonNode parent =
                    dot < 0 ? root : root.at("/" + path.substring(0, dot).replace('.', '/'));
            ((ObjectNode) parent).remove(path.substring(dot + 1));
            return this;
        }

        private Change put(String path, JsonNode value) {
            ObjectNode at = root;
            String[] names = path.split("\\.");
            for (int i = 0; i < names.length - 1; i++) {
                at = at.withObject("/" + names[i]);
            }
            at.set(names[names.length - 1], value);
            return this;
        }

        CertificateRequest request() {
            try {
                return CertificateRequestCodec.fromJson(root.toString());
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }
    }
}
