package it.snodo.simulator.fse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.xml.transform.sax.SAXSource;
import net.sf.saxon.s9api.Axis;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XPathCompiler;
import net.sf.saxon.s9api.XPathExecutable;
import net.sf.saxon.s9api.XPathSelector;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XdmNodeKind;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;
import org.xml.sax.helpers.XMLFilterImpl;

/**
 * Judges with a small rule set of its own, for a simulator that has no official files at hand: the plain CDA R2 schema
 * that comes as a library, the rules of the RSA profile that a certificate can break, and a few short code lists.
 * Rules carry the ids of the official ones, in words of our own. It knows less than the gateway: what it refuses the
 * gateway refuses, not the other way round.
 */
final class OwnJudge implements CdaJudge {
    private static final String RSA = "2.16.840.1.113883.2.9.10.1.9.1";
    private static final String CF = "2.16.840.1.113883.2.9.4.3.2";
    private static final Set<String> TYPES = Set.of("POCD_MT000040UV02", "POCD_HD000040");

    private record Rule(String id, XPathExecutable test, String text) {}

    private record CodeList(String version, Pattern codes) {}

    private static final Map<String, CodeList> CODES = Map.of(
            "2.16.840.1.113883.5.1", new CodeList("2.1.0", Pattern.compile("M|F|UN")),
            "2.16.840.1.113883.5.25", new CodeList("2.2.0", Pattern.compile("[A-Z]{1,8}")),
            "2.16.840.1.113883.5.7",
                    new CodeList("2.1.0", Pattern.compile("A|CR|CS|CSP|CSR|EL|EM|P|PRN|R|RR|S|T|UD|UR")),
            "2.16.840.1.113883.2.9.5.1.4", new CodeList("", Pattern.compile("PROG|DIR")),
            "2.16.840.1.113883.6.103", new CodeList("", Pattern.compile("(\\d{2,3}|V\\d{2}|E\\d{3})(\\.\\d{1,2})?")),
            "2.16.840.1.113883.6.1", new CodeList("2.82", Pattern.compile("(L[AP])?\\d{1,7}-\\d")));

    private final Processor processor = CdaJudge.processor();
    private final Xsd schema;
    private final List<Rule> rules = new ArrayList<>();
    private final XPathCompiler paths;

    OwnJudge() {
        schema = Xsd.load(
                OwnJudge.class
                        .getResource("/schema/cdar2/infrastructure/cda/CDA.xsd")
                        .toString(),
                null);
        paths = processor.newXPathCompiler();
        paths.declareNamespace("", "urn:hl7-org:v3");
        paths.declareNamespace("h", "urn:hl7-org:v3");
        paths.declareNamespace("xsi", "http://www.w3.org/2001/XMLSchema-instance");
        header();
        body();
    }

    private void rule(String id, String test, String text) {
        try {
            rules.add(new Rule(id, paths.compile(test), text));
        } catch (SaxonApiException e) {
            throw new IllegalStateException("rule " + id, e);
        }
    }

    /** Every test is asked of ClinicalDocument and must be true. */
    private void header() {
        rule("1", "exists(h:realmCode)", "manca realmCode");
        rule("2", "count(h:realmCode[@code = 'IT']) = 1", "realmCode deve essere IT, una volta");
        rule("3", "exists(h:templateId)", "manca templateId");
        rule(
                "4",
                "count(h:templateId[@root = '" + RSA + "'][@extension]) = 1",
                "il templateId nazionale deve esserci una volta, con la versione");
        rule(
                "5",
                "h:code[@code = '11488-4'][@codeSystem = '2.16.840.1.113883.6.1']",
                "il tipo di documento deve essere 11488-4 di LOINC");
        rule("6", "h:confidentialityCode/@code = ('N', 'R', 'V')", "confidentialityCode deve essere N, R o V");
        rule("7", "count(h:languageCode) = 1", "manca languageCode");
        rule(
                "8",
                "not(h:setId/@root = h:id/@root) or (if (number(h:versionNumber/@value) > 1)"
                        + " then h:setId/@extension != h:id/@extension else h:setId/@extension = h:id/@extension)",
                "id e setId coincidono solo nella prima versione");
        rule(
                "9",
                "not(number(h:versionNumber/@value) > 1) or count(h:relatedDocument) = 1",
                "una versione successiva deve dire quale documento sostituisce");
        rule("10", "count(h:recordTarget) = 1", "il paziente deve essere uno");
        rule(
                "10a",
                "let $p := h:recordTarget/h:patientRole/h:id/@root return $p = ('" + CF
                        + "', '2.16.840.1.113883.2.9.4.3.18', '2.16.840.1.113883.2.9.4.3.17',"
                        + " '2.16.840.1.113883.2.9.4.3.15')"
                        + " or ($p = '2.16.840.1.113883.2.9.4.3.7' and $p = '2.16.840.1.113883.2.9.4.3.3')"
                        + " or (some $r in $p satisfies"
                        + " matches($r, '^2\\.16\\.840\\.1\\.113883\\.2\\.9\\.2\\.\\d+\\.4\\.1(\\.1)?$'))",
                "il paziente deve avere un identificativo riconosciuto (CF, TEAM, ENI, STP, ANA o regionale)");
        rule(
                "10c",
                "not(exists(h:recordTarget/h:patientRole/h:id[ends-with(@root, '.4.1.1')])"
                        + " and h:recordTarget/h:patientRole/h:id/@root = ('" + CF
                        + "', '2.16.840.1.113883.2.9.4.3.7', '2.16.840.1.113883.2.9.4.3.18',"
                        + " '2.16.840.1.113883.2.9.4.3.15'))",
                "l'identificativo regionale degli STP non sta accanto a un identificativo nazionale");
        rule(
                "11",
                "every $a in h:recordTarget/h:patientRole/h:addr satisfies"
                        + " ($a/h:country and $a/h:city and $a/h:streetAddressLine)",
                "l'indirizzo del paziente deve avere country, city e streetAddressLine");
        rule("12", "count(h:recordTarget/h:patientRole/h:patient) = 1", "manca patient");
        rule("13", "count(h:recordTarget/h:patientRole/h:patient/h:name) = 1", "manca il nome del paziente");
        rule(
                "14",
                "let $n := h:recordTarget/h:patientRole/h:patient/h:name return"
                        + " count($n/h:family) = 1 and count($n/h:given) = 1",
                "il nome del paziente deve avere un cognome e un nome");
        rule(
                "15",
                "count(h:recordTarget/h:patientRole/h:patient/h:administrativeGenderCode) = 1",
                "manca il sesso del paziente");
        rule(
                "16",
                "h:recordTarget/h:patientRole/h:patient/h:administrativeGenderCode/@codeSystem"
                        + " = '2.16.840.1.113883.5.1'",
                "il sesso del paziente deve essere codificato con 2.16.840.1.113883.5.1");
        rule("17", "count(h:recordTarget/h:patientRole/h:patient/h:birthTime) = 1", "manca la data di nascita");
        rule(
                "18",
                "every $b in h:recordTarget/h:patientRole/h:patient/h:birthplace satisfies"
                        + " count($b/h:place/h:addr) = 1",
                "il luogo di nascita deve avere un indirizzo");
        rule(
                "19",
                "every $a in h:author/h:assignedAuthor satisfies count($a/h:id[@root = '" + CF + "']) = 1",
                "l'autore deve avere un codice fiscale");
        rule(
                "20",
                "every $a in h:author/h:assignedAuthor satisfies exists($a/h:telecom)",
                "l'autore deve avere un recapito");
        rule(
                "22",
                "every $n in h:author/h:assignedAuthor/h:assignedPerson satisfies"
                        + " (count($n/h:name/h:family) = 1 and count($n/h:name/h:given) = 1)",
                "l'autore deve avere un cognome e un nome");
        rule(
                "27",
                "exists(h:custodian/h:assignedCustodian/h:representedCustodianOrganization/h:name)",
                "manca il nome del custode");
        rule("29", "count(h:legalAuthenticator) = 1", "manca il firmatario");
        rule("30", "h:legalAuthenticator/h:signatureCode/@code = 'S'", "signatureCode deve essere S");
        rule(
                "31",
                "count(h:legalAuthenticator/h:assignedEntity/h:id[@root = '" + CF + "']) = 1",
                "il firmatario deve avere un codice fiscale");
        rule(
                "33",
                "let $n := h:legalAuthenticator/h:assignedEntity/h:assignedPerson/h:name return"
                        + " count($n/h:family) = 1 and count($n/h:given) = 1",
                "il firmatario deve avere un cognome e un nome");
        rule(
                "38",
                "every $p in h:inFulfillmentOf/h:order/h:priorityCode satisfies"
                        + " $p/@codeSystem = '2.16.840.1.113883.5.7'",
                "la priorità deve essere codificata con 2.16.840.1.113883.5.7");
        rule("39", "exists(h:componentOf)", "manca componentOf");
        rule(
                "40",
                "exists(h:componentOf/h:encompassingEncounter/h:location/h:healthCareFacility)",
                "manca la struttura dell'incontro");
        rule(
                "42",
                "every $o in .//h:asOrganizationPartOf satisfies exists($o/h:id)",
                "asOrganizationPartOf deve avere un id");
        rule("43", "every $t in .//h:telecom satisfies exists($t/@use)", "un recapito deve avere l'uso");
        rule(
                "44",
                "every $i in .//h:id[@root = '" + CF + "'] satisfies matches($i/@extension, '^[A-Z0-9]{16}$')",
                "un codice fiscale ha sedici lettere maiuscole o cifre");
        rule(
                "46",
                "every $o in .//h:observation satisfies $o/@moodCode = 'EVN'",
                "un'osservazione deve avere moodCode EVN");
        rule(
                "50",
                "every $t in .//h:effectiveTime[h:low/@value][h:high/@value] satisfies"
                        + " $t/h:high/@value >= $t/h:low/@value",
                "la fine non può precedere l'inizio");
    }

    private void body() {
        String section = "h:component/h:structuredBody/h:component/h:section";
        rule("b1", "count(" + section + "[h:code/@code = '62387-6']) = 1", "manca la sezione Prestazioni");
        rule(
                "b3",
                "exists(" + section + "[h:code/@code = '62387-6']/h:entry)",
                "la sezione Prestazioni deve avere almeno una entry");
        rule("b4", "count(" + section + "[h:code/@code = '47045-0']) = 1", "manca la sezione Referto");
        rule("b5", "every $s in " + section + " satisfies exists($s/h:text)", "ogni sezione deve avere il testo");
        rule(
                "b20",
                "every $c in " + section + "/h:code satisfies ($c/@codeSystem = '2.16.840.1.113883.6.1' and $c/@code ="
                        + " ('29299-5', '11329-0', '30954-2', '29545-1', '62387-6', '93126-1', '47045-0', '29548-5',"
                        + " '55110-1', '62385-0', '80615-8', '93341-6'))",
                "una sezione ha un codice che il referto non prevede");
        rule(
                "b79",
                "every $a in " + section + "[h:code/@code = '62387-6']/h:entry/h:act satisfies"
                        + " ($a/@classCode = 'ACT' and $a/@moodCode = 'EVN')",
                "una prestazione è un atto compiuto (ACT, EVN)");
        rule(
                "b80",
                "every $a in " + section + "[h:code/@code = '62387-6']/h:entry/h:act satisfies"
                        + " exists($a/h:effectiveTime/@value)",
                "una prestazione deve avere la data");
        rule(
                "b85",
                "every $o in " + section + "[h:code/@code = '29548-5']/h:entry/h:observation satisfies"
                        + " $o/h:code/@code = '29308-4'",
                "una diagnosi deve avere il codice 29308-4");
        rule(
                "b86",
                "every $o in " + section + "[h:code/@code = '29548-5']/h:entry/h:observation satisfies"
                        + " count($o/h:value) = 1",
                "una diagnosi deve avere un valore");
    }

    @Override
    public Verdict judge(CdaText cda) {
        byte[] xml = cda.utf8();
        XdmNode document;
        try {
            document = CdaJudge.parse(processor, xml);
        } catch (IOException e) {
            return Verdict.refused(Kind.SYNTAX, Xsd.BROKEN);
        }
        XdmNode root = OfficialJudge.firstElement(document);
        String type = OfficialJudge.attribute(OfficialJudge.child(root, "typeId"), "extension");
        if (!TYPES.contains(type)) {
            return Verdict.refused(Kind.SYNTAX, "Schema with version " + type + " not found on database.");
        }
        List<String> errors = schema.errors(plain(CdaJudge.source(xml)));
        if (!errors.isEmpty()) {
            return Verdict.refused(Kind.SYNTAX, String.join(" ", errors));
        }
        XdmNode template = OfficialJudge.child(root, "templateId");
        if (template == null) {
            return Verdict.refused(Kind.CRASH, "Error while extracting info for schematron ");
        }
        String templateRoot = OfficialJudge.attribute(template, "root");
        if (!RSA.equals(templateRoot)) {
            return Verdict.refused(
                    Kind.SEMANTIC, "Schematron with template id root " + templateRoot + " not found on database.");
        }
        List<String> failed = new ArrayList<>();
        for (Rule rule : rules) {
            try {
                XPathSelector selector = rule.test().load();
                selector.setContextItem(root);
                if (!selector.effectiveBooleanValue()) {
                    failed.add("ERRORE-" + rule.id() + "| " + rule.text());
                }
            } catch (SaxonApiException e) {
                throw new IllegalStateException("rule " + rule.id(), e);
            }
        }
        if (!failed.isEmpty()) {
            return Verdict.refused(Kind.SEMANTIC, failed.toString());
        }
        Set<String> unknown = new TreeSet<>();
        for (var it = document.axisIterator(Axis.DESCENDANT); it.hasNext(); ) {
            XdmNode node = (XdmNode) it.next();
            if (node.getNodeKind() == XdmNodeKind.ELEMENT) {
                String oid = OfficialJudge.attribute(node, "codeSystem");
                String code = OfficialJudge.attribute(node, "code");
                CodeList list = CODES.get(oid);
                if (list != null
                        && !code.isEmpty()
                        && !list.codes().matcher(code).matches()) {
                    unknown.add("CodeSystem: " + oid + (list.version().isEmpty() ? "" : " v" + list.version())
                            + ", Codes: " + code);
                }
            }
        }
        return unknown.isEmpty()
                ? new Verdict(Kind.OK, "", List.of())
                : Verdict.refused(Kind.VOCABULARY, "Almeno uno dei seguenti vocaboli non è censito: " + unknown);
    }

    /** The library's schema knows neither the sdtc extensions nor the newer typeId: both are hidden from it. */
    private static SAXSource plain(SAXSource source) {
        XMLFilterImpl filter = new XMLFilterImpl(source.getXMLReader()) {
            private int hidden;

            @Override
            public void startElement(String uri, String local, String name, Attributes attributes) throws SAXException {
                if (hidden > 0 || uri.equals("urn:hl7-org:sdtc")) {
                    hidden++;
                    return;
                }
                AttributesImpl shown = new AttributesImpl(attributes);
                int extension = local.equals("typeId") ? shown.getIndex("extension") : -1;
                if (extension >= 0) {
                    shown.setValue(extension, "POCD_HD000040");
                }
                super.startElement(uri, local, name, shown);
            }

            @Override
            public void endElement(String uri, String local, String name) throws SAXException {
                if (hidden > 0) {
                    hidden--;
                } else {
                    super.endElement(uri, local, name);
                }
            }

            @Override
            public void characters(char[] text, int start, int length) throws SAXException {
                if (hidden == 0) {
                    super.characters(text, start, length);
                }
            }
        };
        return new SAXSource(filter, source.getInputSource());
    }
}
