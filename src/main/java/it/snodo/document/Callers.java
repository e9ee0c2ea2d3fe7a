package it.snodo.document;

import it.snodo.access.Operator;
import it.snodo.access.Operators;
import it.snodo.fault.SnodoException;
import org.springframework.stereotype.Component;

/** Tells who the current request's caller is, for those who read documents. */
@Component
public class Callers {

    private final Operators operators;

    Callers(Operators operators) {
        this.operators = operators;
    }

    /** @throws SnodoException NOT_AUTHENTICATED when nobody is logged in */
    public Caller current() {
        Operator operator = operators.current();
        return new Caller(operator.name(), operator.roles(), operator.fiscalCode());
    }
}
