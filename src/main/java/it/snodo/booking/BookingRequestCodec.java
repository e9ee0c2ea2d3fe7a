package it.snodo.booking;

import com.ctc.wstx.stax.WstxInputFactory;
import com.ctc.wstx.stax.WstxOutputFactory;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.xml.XmlFactory;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import it.snodo.certificate.XmlTextSerializer;
import javax.xml.stream.XMLInputFactory;

/** Writes and reads the canonical booking request as XML ({@code xsd/booking-request.xsd}). */
public final class BookingRequestCodec {

    private static final XmlMapper XML = mapper();

    private BookingRequestCodec() {}

    private static XmlMapper mapper() {
        WstxInputFactory input = new WstxInputFactory();
        // No DTD, no external entity: a request is data, never a place to read files from.
        input.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        input.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return XmlMapper.builder(new XmlFactory(input, new WstxOutputFactory()))
                .defaultUseWrapper(false)
                .addModule(new JavaTimeModule())
                .addModule(new SimpleModule().addSerializer(String.class, new XmlTextSerializer()))
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .serializationInclusion(JsonInclude.Include.NON_EMPTY)
                .build();
    }

    /** The canonical XML, without declaration. */
    public static String toXml(BookingRequest request) {
        try {
            return XML.writer().withRootName("bookingRequest").writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a canonical request can always be written", e);
        }
    }

    /** @throws JsonProcessingException when the text is not a request; its location says where */
    public static BookingRequest fromXml(String xml) throws JsonProcessingException {
        return XML.readValue(xml, BookingRequest.class);
    }
}
