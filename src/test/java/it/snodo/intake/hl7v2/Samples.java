package it.snodo.intake.hl7v2;

import java.util.ArrayList;
import java.util.List;

/** Messages for tests: invented people. */
final class Samples {

    private final List<String> segments = new ArrayList<>();

    private Samples() {}

    /** A whole certificate request of version 2.5, with everything the profile knows. */
    static Samples certificate(String controlId) {
        Samples sample = new Samples();
        sample.segments.add("MSH|^~\\&|CARTELLA|ASL CITTA' DI TORINO^010301^ISO|SNODO|REGIONE|20261112111000+0100||"
                + "MDM^T02^MDM_T02|" + controlId + "|P|2.5||||||UNICODE UTF-8");
        sample.segments.add("EVN|T02|20261112111000+0100");
        sample.segments.add("PID|1||BGGLMR57B58L219T^^^MEF&2.16.840.1.113883.2.9.4.3.2&ISO^NNITA~7000148^^^AURA&"
                + "2.16.840.1.113883.2.9.2.10.4.1&ISO^PI||BOGGIO^ELENA^MARIA||19570218|F|||"
                + "^^TORINO^^^100^N^^001272~VIA NIZZA 52^^MONCALIERI^TO^10024^100^H^^001156||^PRN^PH^^39^011^5550148"
                + "||||||||||TORINO");
        sample.segments.add("PV1|1|O|44946^^^010003&2.16.840.1.113883.2.9.4.1.2&ISO^^^^^Cardiologia|" + "|".repeat(15)
                + "AMB1|" + "|".repeat(24) + "20261112103000+0100|20261112110000+0100");
        sample.segments.add("TXA|1|11488-4|TX|202611121030|GRBPLA72C54L219X^GRIBAUDO^PAOLA^^^^^^MEF|||||"
                + "BRTMRC68P22D205D^BERTOGLIO^MARCO^^^^^^MEF||CERT-1^CARTELLA|CERT-0^CARTELLA||||LA|R");
        sample.segments.add("OBX|1|TX|29299-5^Quesito^LN||Controllo.||||||F");
        sample.segments.add("OBX|2|CE|29308-4^Diagnosi^LN||395^VALVOLA AORTICA^I9C||||||F");
        sample.segments.add("OBX|3|CE|57827-8^Esenzione^LN||0A02^MALATTIE CARDIACHE^99ESE||||||F");
        sample.segments.add("OBX|4|FT|47045-0^Patologia^LN||Stenosi aortica.\\.br\\Pressione 135/80.||||||F");
        sample.segments.add("OBX|5|CE|62387-6^Prestazione^LN||89.01.3^VISITA CARDIOLOGICA^99NTR||||||F");
        sample.segments.add("OBX|6|FT|55110-1^Conclusioni^LN||Si propone l'esenzione.~Controllo a sei mesi.||||||F");
        sample.segments.add("OBX|7|IS|REGIME^Regime^99SNODO||SSN||||||F");
        sample.segments.add("OBX|8|ID|LEGGI-SPECIALI^^99SNODO||N||||||F");
        sample.segments.add("OBX|9|ID|OSCURATO-GENITORE^^99SNODO||Y||||||F");
        sample.segments.add("OBX|10|ST|NRE^^99SNODO||010A00400012345||||||F");
        sample.segments.add("OBX|11|ST|AUTH-TEL^^99SNODO||+390115550100||||||F");
        sample.segments.add("OBX|12|ID|SCARICO-ONLINE^^99SNODO||Y||||||F");
        sample.segments.add("OBX|13|ST|PIN^^99SNODO||48213||||||F");
        sample.segments.add("OBX|14|ID|TICKET^^99SNODO||S||||||F");
        return sample;
    }

    /** One field of the first segment of that name put in another's place. */
    Samples with(String segment, int field, String value) {
        return with(segment, 1, field, value);
    }

    Samples with(String segment, int occurrence, int field, String value) {
        int seen = 0;
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).startsWith(segment) && ++seen == occurrence) {
                String[] fields = segments.get(i).split("\\|", -1);
                int index = segment.equals("MSH") ? field - 1 : field;
                if (index >= fields.length) {
                    int before = fields.length;
                    fields = java.util.Arrays.copyOf(fields, index + 1);
                    java.util.Arrays.fill(fields, before, index + 1, "");
                }
                fields[index] = value;
                segments.set(i, String.join("|", fields));
                return this;
            }
        }
        throw new IllegalArgumentException("no " + segment + " " + occurrence);
    }

    Samples without(String prefix) {
        segments.removeIf(segment -> segment.startsWith(prefix));
        return this;
    }

    Samples plus(String segment) {
        segments.add(segment);
        return this;
    }

    String joined(String terminator) {
        return String.join(terminator, segments) + terminator;
    }

    @Override
    public String toString() {
        return joined("\r");
    }
}
