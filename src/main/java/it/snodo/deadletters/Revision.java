package it.snodo.deadletters;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;

/** The certificate's revision as an entity tag (RFC 9110 §8.8.3). */
final class Revision {

    private Revision() {}

    static String tag(int revision) {
        return "\"" + revision + "\"";
    }

    /** @return null when the header is absent or allows any; -1 for a tag that is none of ours */
    static Integer of(String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return null;
        }
        String tag = ifMatch.strip().replaceFirst("^W/", "").replace("\"", "");
        return tag.matches("\\d{1,9}") ? Integer.parseInt(tag) : -1;
    }

    static SnodoException changed() {
        return new SnodoException(
                SnodoCode.CHANGED_MEANWHILE,
                "Il certificato è cambiato dopo la lettura: leggere di nuovo il contenuto e decidere su quello.");
    }
}
