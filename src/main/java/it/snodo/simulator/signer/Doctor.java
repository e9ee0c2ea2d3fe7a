package it.snodo.simulator.signer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A person the provider has identified and given a certificate. */
record Doctor(String fiscalCode, String family, String given) {

    /** Those of {@code simulator/signer/doctors.csv}. */
    static List<Doctor> known() {
        try (InputStream in = Doctor.class.getResourceAsStream("/simulator/signer/doctors.csv");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .skip(1)
                    .map(line -> line.split(";"))
                    .map(row -> new Doctor(row[0], row[1], row[2]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
