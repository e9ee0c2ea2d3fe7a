package it.snodo.flow;

import it.snodo.certificate.CertificateRequestSchema;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.jms.CanonicalXmlCheck;
import java.util.List;
import org.springframework.stereotype.Component;

/** A canonical request that comes as XML is judged by the schema that describes it. */
@Component
class CanonicalXml implements CanonicalXmlCheck {

    private final CertificateRequestSchema schema;

    CanonicalXml(CertificateRequestSchema schema) {
        this.schema = schema;
    }

    @Override
    public List<Fault> check(byte[] xml) {
        return schema.validate(xml).stream()
                .map(error -> Fault.at(SnodoCode.FIELD_MALFORMED, "", error))
                .toList();
    }
}
