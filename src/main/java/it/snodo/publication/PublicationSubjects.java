package it.snodo.publication;

import com.ctc.wstx.stax.WstxInputFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.certificate.CertificateResolver;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.io.ByteArrayInputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads what is to be published from the store. */
@Component
public class PublicationSubjects {

    private static final XMLInputFactory XML = input();

    private final JdbcClient jdbc;
    private final CertificateResolver resolver;

    public PublicationSubjects(JdbcClient jdbc, CertificateResolver resolver) {
        this.jdbc = jdbc;
        this.resolver = resolver;
    }

    private static XMLInputFactory input() {
        XMLInputFactory factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    /** @throws SnodoException NOT_FOUND when there is no such document */
    public PublicationSubject of(String documentId) {
        return jdbc.sql("""
                        select d.*, c.request, c.replaces_document_id
                        from document d join certificate c on c.number = d.certificate_number where d.id = :id""")
                .param("id", documentId)
                .query((row, n) -> subject(row))
                .optional()
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND, "Il documento " + documentId + " non esiste nell'archivio dell'hub."));
    }

    private PublicationSubject subject(ResultSet row) throws SQLException {
        CertificateRequest request;
        try {
            request = CertificateRequestCodec.fromXml(row.getString("request"));
        } catch (JsonProcessingException e) {
            throw new SnodoException(SnodoCode.INTERNAL, "La richiesta conservata non è leggibile.", e);
        }
        byte[] cda = row.getBytes("cda");
        CdaFacts facts = CdaFacts.of(cda);
        String ticket = row.getString("ticket");
        return new PublicationSubject(
                row.getString("id"),
                row.getString("root"),
                row.getString("set_id"),
                row.getInt("version"),
                row.getString("replaces_document_id"),
                row.getLong("certificate_number"),
                facts.patientId() == null ? row.getString("patient_id") : facts.patientId(),
                facts.patientOid() == null ? row.getString("patient_oid") : facts.patientOid(),
                facts.code() == null ? row.getString("type_code") : facts.code(),
                facts.codeSystem() == null ? "2.16.840.1.113883.6.1" : facts.codeSystem(),
                row.getString("title"),
                row.getString("confidentiality"),
                (Boolean) row.getObject("obscured"),
                cda,
                row.getBytes("unsigned_pdf"),
                row.getBytes("signed_pdf"),
                instant(row, "signed_at"),
                row.getString("fse_workflow_id"),
                instant(row, "fse_validated_at"),
                row.getString("fse_locality"),
                ticket == null ? request.ticket() : ticket,
                request,
                resolver.resolve(request));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }

    /** What the gateway compares the tokens with, read from the CDA itself. */
    record CdaFacts(String patientId, String patientOid, String code, String codeSystem) {

        static CdaFacts of(byte[] cda) {
            String code = null;
            String system = null;
            boolean inPatientRole = false;
            int depth = 0;
            try {
                XMLStreamReader reader = XML.createXMLStreamReader(new ByteArrayInputStream(cda));
                while (reader.hasNext()) {
                    int event = reader.next();
                    if (event == XMLStreamConstants.START_ELEMENT) {
                        depth++;
                        String name = reader.getLocalName();
                        if (depth == 2 && name.equals("code")) {
                            code = reader.getAttributeValue(null, "code");
                            system = reader.getAttributeValue(null, "codeSystem");
                        } else if (name.equals("patientRole")) {
                            inPatientRole = true;
                        } else if (inPatientRole && name.equals("id")) {
                            return new CdaFacts(
                                    reader.getAttributeValue(null, "extension"),
                                    reader.getAttributeValue(null, "root"),
                                    code,
                                    system);
                        }
                    } else if (event == XMLStreamConstants.END_ELEMENT) {
                        depth--;
                    }
                }
            } catch (XMLStreamException e) {
                throw new SnodoException(SnodoCode.INTERNAL, "Il CDA conservato non è XML leggibile.", e);
            }
            return new CdaFacts(null, null, code, system);
        }
    }
}
