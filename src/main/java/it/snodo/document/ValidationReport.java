package it.snodo.document;

import java.util.List;

/**
 * What the checks of a CDA found.
 *
 * @param schema XSD errors, as {@code line:column message}; empty when valid
 * @param failed failed Schematron assertions
 * @param warnings fired Schematron reports
 * @param unknownCodes codes absent from the code tables
 */
public record ValidationReport(
        List<String> schema, List<Finding> failed, List<Finding> warnings, List<String> unknownCodes) {

    /**
     * @param id the official id, such as {@code 11} or {@code b20}; W-codes for warnings
     * @param text the message in Italian
     * @param location XPath of the node
     */
    public record Finding(String id, String text, String location) {}

    /** True when schema, Schematron and code tables all agree. Warnings do not count. */
    public boolean isValid() {
        return schema.isEmpty() && failed.isEmpty() && unknownCodes.isEmpty();
    }
}
