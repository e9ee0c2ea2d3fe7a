package it.snodo.pratica;

import it.snodo.access.Audit;
import it.snodo.access.Operator;
import it.snodo.exemption.ExemptionListener.Asker;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import org.springframework.stereotype.Component;

/** Who sees and who works which pratica. What is not visible does not exist, and that it was asked for is written down. */
@Component
class PraticaAccess {

    static final String DOCTORS_ROLE = "MEDICO_SPECIALISTA_CAS";
    static final String DISTRICTS_ROLE = "OPERATORE_ASL_DISTRETTO";
    static final String OPERATIONS = "ops";

    private final PraticaRegister register;
    private final Audit audit;

    PraticaAccess(PraticaRegister register, Audit audit) {
        this.register = register;
        this.audit = audit;
    }

    static boolean worksOn(Operator operator, Pratica pratica) {
        return operator.has(Transitions.DISTRICT) && operator.worksFor(pratica.asl());
    }

    private static boolean sent(Operator operator, Pratica pratica) {
        return operator.has(Transitions.DOCTOR)
                && pratica.compiler().kind() == Pratica.Compiler.Kind.MEDICO
                && operator.isOrActsFor(pratica.compiler().fiscalCode());
    }

    /** The district of its ASL, and the doctor who sent it. */
    static boolean seesContent(Operator operator, Pratica pratica) {
        return worksOn(operator, pratica) || sent(operator, pratica);
    }

    /**
     * @param action in words, for the audit
     * @throws SnodoException NOT_FOUND when there is none, or none for that operator
     */
    Pratica visible(Operator operator, String number, String action) {
        Pratica pratica = register.find(number).orElse(null);
        boolean content = pratica != null && seesContent(operator, pratica);
        if (pratica == null || !content && !operator.has(OPERATIONS)) {
            audit.denied(
                    "pratica " + number,
                    pratica == null ? null : pratica.patient().fiscalCode(),
                    action);
            throw absent(number);
        }
        // operations see no person: it is not about one then
        audit.read("pratica " + number, content ? pratica.patient().fiscalCode() : null, action);
        return pratica;
    }

    /** The same for what is health data. */
    Pratica readable(Operator operator, String number, String action) {
        Pratica pratica = visible(operator, number, action);
        if (!seesContent(operator, pratica)) {
            audit.denied("pratica " + number, null, action);
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED,
                    "Il contenuto di una pratica è visibile al distretto dell'ASL che la tratta e al medico che l'ha inviata.");
        }
        return pratica;
    }

    /** The same for who wants to do that to it. */
    Pratica workable(Operator operator, String number, Move move) {
        Pratica pratica = visible(operator, number, move.words());
        if (!worksOn(operator, pratica)) {
            audit.denied("pratica " + number, pratica.patient().fiscalCode(), move.words());
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED,
                    "Solo un operatore del distretto dell'ASL che tratta la pratica può " + move.words() + ".");
        }
        return pratica;
    }

    static SnodoException absent(String number) {
        return new SnodoException(
                SnodoCode.NOT_FOUND, "La pratica n. " + number + " non esiste o non è visibile a chi la chiede.");
    }

    static Asker district(Operator operator) {
        boolean person = operator.fiscalCode() != null && !Operator.ALL.equals(operator.fiscalCode());
        return new Asker(person ? operator.fiscalCode() : operator.name(), DISTRICTS_ROLE);
    }

    static Asker doctor(String fiscalCode) {
        return new Asker(fiscalCode, DOCTORS_ROLE);
    }
}
