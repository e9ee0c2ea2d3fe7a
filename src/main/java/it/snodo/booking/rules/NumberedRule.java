package it.snodo.booking.rules;

import it.snodo.booking.Decision;
import java.util.List;

/** What every rule says of itself. */
abstract class NumberedRule implements BookingRule {

    private final int number;
    private final String source;
    private final Step step;
    private final String says;
    private final List<Code> codes;

    NumberedRule(int number, String source, Step step, String says, Code... codes) {
        this.number = number;
        this.source = source;
        this.step = step;
        this.says = says;
        this.codes = List.of(codes);
    }

    static Code reject(String code, int condition, String title) {
        return new Code(code, Decision.REJECT, condition, title);
    }

    static Code refer(String code, int condition, String title) {
        return new Code(code, Decision.REFER, condition, title);
    }

    static Code local(String code, String title) {
        return new Code(code, Decision.ROUTE_LOCAL, 207, title);
    }

    static Code confirm(String code, String title) {
        return new Code(code, Decision.CONFIRM, 207, title);
    }

    static Code warn(String code, String title) {
        return new Code(code, Decision.WARN, 207, title);
    }

    @Override
    public final int number() {
        return number;
    }

    @Override
    public final String source() {
        return source;
    }

    @Override
    public final Step step() {
        return step;
    }

    @Override
    public final String says() {
        return says;
    }

    @Override
    public final List<Code> codes() {
        return codes;
    }
}
