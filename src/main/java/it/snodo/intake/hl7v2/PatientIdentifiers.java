package it.snodo.intake.hl7v2;

import it.snodo.certificate.CertificateRequest.TeamCard;
import it.snodo.fault.SnodoCode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells the identifiers of a person apart: by the OID of their authority, else by the authority's short name or the type
 * (CX-5), else by their shape, since no published Italian profile fixes the codes. A codice fiscale is also looked for
 * where old senders put it: PID-2, PID-18, PID-19.
 */
final class PatientIdentifiers {

    enum Kind {
        FISCAL_CODE,
        STP,
        ENI,
        TEAM_CARD,
        TEAM_PERSON,
        REGIONAL
    }

    private static final Map<String, Kind> BY_OID = Map.of(
            "2.16.840.1.113883.2.9.4.3.2", Kind.FISCAL_CODE,
            "2.16.840.1.113883.2.9.4.3.17", Kind.STP,
            "2.16.840.1.113883.2.9.2.10.4.1.1", Kind.STP,
            "2.16.840.1.113883.2.9.4.3.18", Kind.ENI,
            "2.16.840.1.113883.2.9.4.3.7", Kind.TEAM_CARD,
            "2.16.840.1.113883.2.9.4.3.3", Kind.TEAM_PERSON,
            "2.16.840.1.113883.2.9.2.10.4.1", Kind.REGIONAL,
            "2.16.840.1.113883.2.9.2.10", Kind.REGIONAL);
    private static final Map<String, Kind> BY_NAME = Map.of(
            "MEF", Kind.FISCAL_CODE,
            "CF", Kind.FISCAL_CODE,
            "STP", Kind.STP,
            "ENI", Kind.ENI,
            "TEAM", Kind.TEAM_CARD,
            "AURA", Kind.REGIONAL);
    private static final Map<String, Kind> BY_TYPE = Map.of(
            "NNITA", Kind.FISCAL_CODE,
            "CF", Kind.FISCAL_CODE,
            "TAX", Kind.FISCAL_CODE,
            "STP", Kind.STP,
            "ENI", Kind.ENI,
            "TEAM", Kind.TEAM_CARD,
            "AURA", Kind.REGIONAL);
    /** Types that may be a codice fiscale and may be anything else: the shape decides. */
    private static final Set<String> PERHAPS_FISCAL = Set.of("", "NI", "NN", "SS");

    private static final Pattern FISCAL_SHAPE =
            Pattern.compile("[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]");
    private static final Pattern ALMOST_FISCAL = Pattern.compile("[A-Z]{6}[A-Z0-9]{5,11}");
    private static final Pattern STP_SHAPE = Pattern.compile("STP\\d{13}");
    private static final Pattern ENI_SHAPE = Pattern.compile("ENI\\d{13}");
    private static final Pattern WITH_STATE = Pattern.compile("([A-Z]{3})[.](.+)");
    private static final Pattern FOREIGN_PERSON = Pattern.compile("NN[A-Z]{3}");
    private static final Pattern PLACEHOLDER =
            Pattern.compile("-\\d*|0+|X{3,}|9{6,}|N\\.?[ADP]\\.?|ND|NA|NULL|NONE|UNKNOWN|SCONOSCIUTO|NON FORNITO");

    private final Findings findings;
    private String fiscalCode;
    private String stp;
    private String eni;
    private String regionalId;
    private String cardNumber;
    private String personalNumber;
    private String state;
    private String almost;
    private String almostAt;

    PatientIdentifiers(Findings findings, Er7.Segment pid) {
        this.findings = findings;
        for (int i = 1; i <= pid.repetitions(3); i++) {
            take(pid, 3, i);
        }
        for (int field : new int[] {2, 18, 19}) {
            for (int i = 1; i <= pid.repetitions(field) && fiscalCode == null; i++) {
                takeOldFiscalCode(pid, field, i);
            }
        }
        if (fiscalCode == null && stp == null && eni == null && almost != null) {
            // Named, so that the sender reads what is wrong with it and not that it is missing.
            fiscalCode = almost;
            findings.found("patient.fiscalCode", almostAt);
        }
    }

    private void take(Er7.Segment pid, int field, int repetition) {
        String value = upper(pid.get(field, repetition, 1));
        if (isPlaceholder(value)) {
            return;
        }
        String at = "PID^" + pid.occurrence() + "^" + field + "^" + repetition;
        String type = orEmpty(upper(pid.get(field, repetition, 5)));
        Kind kind = kind(value, pid, field, repetition, type);
        if (kind == null) {
            if (almost == null
                    && PERHAPS_FISCAL.contains(type)
                    && ALMOST_FISCAL.matcher(value).matches()) {
                almost = value;
                almostAt = at;
            }
            return;
        }
        switch (kind) {
            case FISCAL_CODE -> {
                if (fiscalCode == null) {
                    fiscalCode = value;
                    findings.found("patient.fiscalCode", at);
                } else if (!fiscalCode.equals(value) && pid.get(field, repetition, 8) == null) {
                    // One that is no longer in force (CX-8) says nothing.
                    findings.fault(
                            SnodoCode.NOT_ALLOWED_TOGETHER,
                            "",
                            at,
                            "Il messaggio porta due codici fiscali diversi, «" + fiscalCode + "» e «" + value
                                    + "»: non si può sapere a chi si riferisce.");
                }
            }
            case STP -> {
                if (stp == null) {
                    stp = value;
                    findings.found("patient.stp", at);
                }
            }
            case ENI -> {
                if (eni == null) {
                    eni = value;
                    findings.found("patient.eni", at);
                }
            }
            case REGIONAL -> {
                if (regionalId == null) {
                    regionalId = value;
                    findings.found("patient.regionalId", at);
                }
            }
            case TEAM_CARD -> {
                cardNumber = withoutState(value);
                findings.found("patient.team.cardNumber", at);
            }
            case TEAM_PERSON -> {
                personalNumber = withoutState(value);
                if (state == null && FOREIGN_PERSON.matcher(type).matches()) {
                    state = type.substring(2);
                }
                findings.found("patient.team.personalNumber", at);
            }
        }
    }

    private static Kind kind(String value, Er7.Segment pid, int field, int repetition, String type) {
        if (STP_SHAPE.matcher(value).matches()) {
            return Kind.STP;
        }
        if (ENI_SHAPE.matcher(value).matches()) {
            return Kind.ENI;
        }
        String name = orEmpty(upper(pid.get(field, repetition, 4, 1)));
        String oid = orEmpty(pid.get(field, repetition, 4, 2));
        Kind kind = BY_OID.get(oid);
        if (kind == null) {
            kind = BY_OID.get(name);
        }
        if (kind == null && FOREIGN_PERSON.matcher(type).matches() && !type.equals("NNITA")) {
            kind = Kind.TEAM_PERSON;
        }
        if (kind == null) {
            kind = BY_NAME.get(name);
        }
        if (kind == null) {
            kind = BY_TYPE.get(type);
        }
        if (kind == null
                && PERHAPS_FISCAL.contains(type)
                && FISCAL_SHAPE.matcher(value).matches()) {
            kind = Kind.FISCAL_CODE;
        }
        return kind;
    }

    private void takeOldFiscalCode(Er7.Segment pid, int field, int repetition) {
        String value = upper(pid.get(field, repetition, 1));
        if (isPlaceholder(value)) {
            return;
        }
        String name = orEmpty(upper(pid.get(field, repetition, 4, 1)));
        Kind named = BY_OID.getOrDefault(orEmpty(pid.get(field, repetition, 4, 2)), BY_NAME.get(name));
        if (named == Kind.FISCAL_CODE || FISCAL_SHAPE.matcher(value).matches()) {
            fiscalCode = value;
            findings.found("patient.fiscalCode", "PID^" + pid.occurrence() + "^" + field + "^" + repetition);
        }
    }

    private String withoutState(String value) {
        var parts = WITH_STATE.matcher(value);
        if (!parts.matches()) {
            return value;
        }
        state = parts.group(1);
        return parts.group(2);
    }

    static boolean isPlaceholder(String value) {
        return value == null || PLACEHOLDER.matcher(value).matches();
    }

    private static String upper(String text) {
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    String fiscalCode() {
        return fiscalCode;
    }

    String stp() {
        return stp;
    }

    String eni() {
        return eni;
    }

    String regionalId() {
        return regionalId;
    }

    TeamCard team() {
        return cardNumber == null && personalNumber == null ? null : new TeamCard(cardNumber, personalNumber, state);
    }
}
