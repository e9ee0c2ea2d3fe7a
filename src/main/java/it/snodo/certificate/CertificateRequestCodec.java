package it.snodo.certificate;

import com.ctc.wstx.stax.WstxInputFactory;
import com.ctc.wstx.stax.WstxOutputFactory;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.xml.XmlFactory;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import com.fasterxml.jackson.dataformat.xml.ser.ToXmlGenerator;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes and reads the canonical request as XML ({@code xsd/certificate-request.xsd}) and as JSON. */
public final class CertificateRequestCodec {

    private static final XmlMapper XML = xmlMapper();
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .serializationInclusion(JsonInclude.Include.NON_EMPTY)
            .build();

    private CertificateRequestCodec() {}

    private static XmlMapper xmlMapper() {
        WstxInputFactory input = new WstxInputFactory();
        // No DTD, no external entity: a request is data, never a place to read files from.
        input.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        input.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return XmlMapper.builder(new XmlFactory(input, new WstxOutputFactory()))
                .addModule(new JavaTimeModule())
                .addModule(new SimpleModule().addSerializer(String.class, new XmlTextSerializer()))
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .serializationInclusion(JsonInclude.Include.NON_EMPTY)
                .build();
    }

    /** The canonical XML, without declaration, as text. */
    public static String toXml(CertificateRequest request) {
        String usual = CertificateRequestXml.of(request);
        if (usual != null) {
            return usual;
        }
        try {
            return XML.writer().withRootName("certificateRequest").writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a canonical request can always be written", e);
        }
    }

    /** What a CDA template is given: root {@code certificate} with {@code identity}, {@code request}, {@code resolved}. */
    public static String toXml(CertificateDocument document) {
        try {
            return XML.writer().withRootName("certificate").writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a certificate document can always be written", e);
        }
    }

    /** As {@link #toXml(CertificateDocument)}, into a tree or whatever else the writer makes. */
    public static void write(CertificateDocument document, XMLStreamWriter to) throws XMLStreamException {
        try (ToXmlGenerator generator = XML.getFactory().createGenerator(to)) {
            to.writeStartDocument();
            XML.writer().withRootName("certificate").writeValue(generator, document);
            to.writeEndDocument();
        } catch (IOException e) {
            throw new XMLStreamException(e);
        }
    }

    /** @throws JsonProcessingException when the text is not a request; its location says where */
    public static CertificateRequest fromXml(String xml) throws JsonProcessingException {
        return XML.readValue(xml, CertificateRequest.class);
    }

    /**
     * Reads what {@link #toXml(CertificateDocument)} writes, such as the request of a template case.
     *
     * @throws JsonProcessingException when the text is not a template input; its location says where
     */
    public static CertificateDocument documentFromXml(String xml) throws JsonProcessingException {
        return XML.readValue(xml, CertificateDocument.class);
    }

    public static String toJson(CertificateRequest request) {
        try {
            return JSON.writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a canonical request can always be written", e);
        }
    }

    /** @throws JsonProcessingException when the text is not a request; its path says which field */
    public static CertificateRequest fromJson(String json) throws JsonProcessingException {
        return JSON.readValue(json, CertificateRequest.class);
    }
}
