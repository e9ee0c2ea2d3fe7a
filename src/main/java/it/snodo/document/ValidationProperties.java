package it.snodo.document;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What takes the place of the hub's own checks; nothing by default.
 *
 * @param cda {@code snodo.cda.schema}: folder of official CDA schemas, one folder per typeId extension in it
 * @param rsa {@code snodo.rsa.schematron}: official Schematron file
 * @param terminology {@code snodo.terminology}: folder of code lists, {@code <OID>.csv} with a column {@code code}
 */
@ConfigurationProperties("snodo")
record ValidationProperties(Cda cda, Rsa rsa, Path terminology) {

    record Cda(Path schema) {}

    record Rsa(Path schematron) {}

    Path schema() {
        return cda == null ? null : cda.schema();
    }

    Path schematron() {
        return rsa == null ? null : rsa.schematron();
    }
}
