package it.snodo.certificate;

import it.snodo.config.ConfigFolder;
import it.snodo.config.FolderSchema;
import java.util.List;
import org.springframework.stereotype.Component;

/** Judges XML by {@code xsd/certificate-request.xsd}. No document type, no entity and no outside file is ever read. */
@Component
public class CertificateRequestSchema {

    private final FolderSchema schema;

    public CertificateRequestSchema(ConfigFolder folder) {
        schema = new FolderSchema(folder, "xsd/certificate-request.xsd");
    }

    /** What is wrong with the bytes, each with its line and column, at most fifty; empty when they are a request. */
    public List<String> validate(byte[] xml) {
        return schema.validate(xml);
    }
}
