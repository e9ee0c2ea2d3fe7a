package it.snodo.document;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** Looks up every coded value of a document while it is being parsed. */
final class CodeCollector extends DefaultHandler {

    private final CodeTables tables;
    private final Set<String> faults = new LinkedHashSet<>();
    /** Open elements' names; beside an observation, the answer list that its code calls for. */
    private final Deque<Open> open = new ArrayDeque<>();

    private static final class Open {
        final String name;
        String answerList;

        Open(String name, String answerList) {
            this.name = name;
            this.answerList = answerList;
        }
    }

    CodeCollector(CodeTables tables) {
        this.tables = tables;
    }

    @Override
    public void startElement(String uri, String name, String qName, Attributes attributes) {
        Open parent = open.peek();
        String code = attributes.getValue("code");
        String system = attributes.getValue("codeSystem");
        String answerList = parent == null ? null : parent.answerList;
        if (name.equals("code") && code != null && parent != null && parent.name.equals("observation")) {
            String list = tables.answerList(code);
            if (list != null) {
                parent.answerList = list;
            }
        } else if (name.equals("value") && answerList != null) {
            system = answerList;
        }
        if (system != null && !system.isEmpty()) {
            String fault = tables.fault(system, attributes.getValue("codeSystemVersion"), code);
            if (fault != null) {
                faults.add(fault);
            }
        }
        open.push(new Open(name, answerList));
    }

    @Override
    public void endElement(String uri, String name, String qName) {
        open.pop();
    }

    /** What is wrong, each once, in document order. */
    List<String> faults() {
        return new ArrayList<>(faults);
    }
}
