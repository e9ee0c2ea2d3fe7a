package it.snodo.simulator.cup;

/** The CUP says no. Carries what every protocol needs to say so in its own way. */
final class Refusal extends RuntimeException {

    /** What of the request it is about. */
    enum About {
        MESSAGE,
        PLACER,
        REASON,
        ENTERED_BY,
        PERSON_ID,
        PERSON_NAME,
        BIRTH_DATE,
        SEX,
        SERVICE,
        AGENDA,
        START
    }

    /** HL7 table 0357. */
    final int condition;
    /** The CUP's own code, such as {@code POSTO-OCCUPATO}. */
    final String code;

    final About about;
    /** Line of the request, from 1; 0 when it is not about a line. */
    final int line;

    Refusal(int condition, String code, About about, int line, String text) {
        super(text, null, false, false);
        this.condition = condition;
        this.code = code;
        this.about = about;
        this.line = line;
    }

    Refusal(int condition, String code, About about, String text) {
        this(condition, code, about, 0, text);
    }
}
