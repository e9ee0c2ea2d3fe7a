package it.snodo.simulator.signer;

import it.snodo.simulator.wire.Rows;
import java.util.List;

/** A person the provider has identified and given a certificate. */
record Doctor(String fiscalCode, String family, String given) {

    /** Those of {@code simulator/signer/doctors.csv}. */
    static List<Doctor> known() {
        return Rows.of("/simulator/signer/doctors.csv").stream()
                .map(row -> new Doctor(row.get("fiscalCode"), row.get("family"), row.get("given")))
                .toList();
    }
}
