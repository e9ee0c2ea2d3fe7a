package it.snodo.document.fhir;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The hash that FHIR R4 wants in an attachment (SHA-1, to tell a changed file, not to protect it). Signed documents never
 * change, so each is read for it once, and the last ones are remembered.
 */
@Component
class Sha1 {

    private static final int REMEMBERED = 20_000;

    private final JdbcClient jdbc;
    private final Map<String, byte[]> known = Collections.synchronizedMap(new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > REMEMBERED;
        }
    });

    Sha1(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param form pdf or cda */
    byte[] of(String id, String form) {
        byte[] hash = known.get(id + "-" + form);
        if (hash == null) {
            String column = form.equals("pdf") ? "signed_pdf" : "cda";
            byte[] bytes = jdbc.sql("select " + column + " from document where id = :id")
                    .param("id", id)
                    .query((row, n) -> row.getBytes(1))
                    .single();
            hash = digest(bytes);
            known.put(id + "-" + form, hash);
        }
        return hash.clone();
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
