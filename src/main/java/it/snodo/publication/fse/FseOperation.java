package it.snodo.publication.fse;

/** What is asked of the gateway, with the claims that go with it. */
enum FseOperation {
    VALIDATION("CREATE", "TREATMENT", false),
    CREATE("CREATE", "TREATMENT", true),
    VALIDATE_AND_CREATE("CREATE", "TREATMENT", true),
    REPLACE("UPDATE", "UPDATE", true),
    VALIDATE_AND_REPLACE("UPDATE", "UPDATE", true),
    METADATA("UPDATE", "UPDATE", false),
    /** Obscuring and its end have a purpose of their own. */
    METADATA_VISIBILITY("UPDATE", "ACCESS UPDATE", false),
    DELETE("DELETE", "UPDATE", false),
    STATUS(null, null, false);

    private final String actionId;
    private final String purposeOfUse;
    private final boolean hash;

    FseOperation(String actionId, String purposeOfUse, boolean hash) {
        this.actionId = actionId;
        this.purposeOfUse = purposeOfUse;
        this.hash = hash;
    }

    String actionId() {
        return actionId;
    }

    String purposeOfUse() {
        return purposeOfUse;
    }

    /** Whether the token carries the hash of the PDF. */
    boolean hasHash() {
        return hash;
    }

    /** Whether the token names the document type; a withdrawal must not. */
    boolean hasType() {
        return this != DELETE && this != STATUS;
    }

    boolean isPublication() {
        return this == CREATE || this == VALIDATE_AND_CREATE || this == REPLACE || this == VALIDATE_AND_REPLACE;
    }

    /** Whether it changes anything at the other side. */
    boolean isWrite() {
        return isPublication() || this == METADATA || this == METADATA_VISIBILITY || this == DELETE;
    }

    /** Whether it speaks of a document that must already be there. */
    boolean needsExisting() {
        return this == REPLACE
                || this == VALIDATE_AND_REPLACE
                || this == METADATA
                || this == METADATA_VISIBILITY
                || this == DELETE;
    }
}
