package it.snodo.simulator.fse;

/** The gateway's operations, by the names that control rules use. */
enum Operation {
    VALIDATION("VALIDATION"),
    FHIR_VALIDATION("FHIR_VALIDATION"),
    CREATE("PUBLICATION"),
    REPLACE("REPLACE"),
    METADATA("UPDATE"),
    DELETE("DELETE"),
    VALIDATE_AND_CREATE("PUBLICATION"),
    VALIDATE_AND_REPLACE("REPLACE"),
    STATUS(null),
    STATUS_BY_TRACE(null),
    HEALTH(null);

    /** The type of the event that says how it went; null when there is none. */
    final String event;

    Operation(String event) {
        this.event = event;
    }

    boolean multipart() {
        return switch (this) {
            case VALIDATION, FHIR_VALIDATION, CREATE, REPLACE, VALIDATE_AND_CREATE, VALIDATE_AND_REPLACE -> true;
            default -> false;
        };
    }

    boolean validates() {
        return this == VALIDATION || this == VALIDATE_AND_CREATE || this == VALIDATE_AND_REPLACE;
    }

    boolean replaces() {
        return this == REPLACE || this == VALIDATE_AND_REPLACE;
    }

    /** The event of the validating half of a call that also publishes. */
    String validationEvent() {
        return switch (this) {
            case VALIDATE_AND_CREATE -> "VALIDATION_FOR_PUBLICATION";
            case VALIDATE_AND_REPLACE -> "VALIDATION_FOR_REPLACE";
            default -> "VALIDATION";
        };
    }
}
