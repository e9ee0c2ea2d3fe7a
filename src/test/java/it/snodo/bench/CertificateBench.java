package it.snodo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxNativeObjectFactory;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import it.snodo.certificate.CertificateChecks;
import it.snodo.certificate.CertificateDocument;
import it.snodo.certificate.CertificateDocument.Identity;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.certificate.CertificateResolver;
import it.snodo.document.CdaTemplates;
import it.snodo.document.CdaValidator;
import it.snodo.document.CheckedCda;
import it.snodo.document.PdfRenderer;
import it.snodo.document.ValidationReport;
import it.snodo.intake.Incoming;
import it.snodo.intake.hl7v2.Hl7v2Intake;
import it.snodo.signature.DemoKeys;
import it.snodo.signature.SignatureCheck;
import it.snodo.signature.Signer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore.PasswordProtection;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.DOMDestination;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltExecutable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.validation.ValidationAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * CPU of one certificate from the request's bytes to the signed PDF, step by step on one thread, without database, broker
 * and network; beside it what the libraries take for the same when called bare.
 */
class CertificateBench {

    private static final int DOCUMENTS = Integer.getInteger("snodo.bench.documents", 1000);
    private static final int WARM_UP_ROUNDS = Integer.getInteger("snodo.bench.documents.warm-up", 8);
    private static final String FONT = "/META-INF/resources/webjars/bootstrap-italia/2.14.0/dist/fonts/Titillium_Web/"
            + "titillium-web-v10-latin-ext_latin-regular.ttf";
    private static final double MILLION = 1e6;

    /** The hub's own beans, made when asked for. */
    @Configuration(proxyBeanMethods = false)
    @ConfigurationPropertiesScan("it.snodo")
    @ComponentScan(
            basePackages = {
                "it.snodo.certificate",
                "it.snodo.registry",
                "it.snodo.document",
                "it.snodo.signature",
                "it.snodo.intake.hl7v2",
                "it.snodo.config"
            },
            excludeFilters =
                    @Filter(type = FilterType.REGEX, pattern = ".*Test([$].*)?|it[.]snodo[.]config[.]RouteReloads"))
    @ImportAutoConfiguration(ValidationAutoConfiguration.class)
    static class Parts {}

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static final class Cost {
        long cpu;
        long wall;
        long bytes;
    }

    private final Map<String, Cost> costs = new LinkedHashMap<>();

    private interface Step<T> {
        T run() throws Exception;
    }

    private <T> T step(String name, Step<T> step) throws Exception {
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long wall = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        T result = step.run();
        Cost cost = costs.computeIfAbsent(name, n -> new Cost());
        cost.cpu += threads.getCurrentThreadCpuTime() - cpu;
        cost.wall += System.nanoTime() - wall;
        cost.bytes += threads.getCurrentThreadAllocatedBytes() - bytes;
        return result;
    }

    private record Made(CertificateDocument document, byte[] cda, byte[] unsigned) {}

    @Test
    void a_certificate_from_request_to_signed_pdf(@TempDir Path data) throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Parts.class)
                .web(WebApplicationType.NONE)
                .lazyInitialization(true)
                .profiles("demo")
                .run("--snodo.data-dir=" + data)) {
            Hub hub = new Hub(
                    context.getBean(Hl7v2Intake.class),
                    context.getBean(CertificateChecks.class),
                    context.getBean(CertificateResolver.class),
                    context.getBean(CdaTemplates.class),
                    context.getBean(CdaValidator.class),
                    context.getBean(PdfRenderer.class),
                    context.getBean(Signer.class));
            // The compiler goes on making the code faster for some thousands of certificates.
            List<Double> warmUp = new ArrayList<>();
            for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                run(hub, "W" + round, DOCUMENTS);
                warmUp.add(costs.values().stream().mapToLong(c -> c.cpu).sum() / MILLION / DOCUMENTS);
                costs.clear();
            }
            System.gc();
            long whole = process.getProcessCpuTime();
            long wall = System.nanoTime();
            Made sample = run(hub, "M", DOCUMENTS);
            double seconds = (System.nanoTime() - wall) / 1e9;
            tell(warmUp, seconds, (process.getProcessCpuTime() - whole) / MILLION / DOCUMENTS);
            bare(sample, context.getBean(DemoKeys.class));
        }
    }

    private record Hub(
            Hl7v2Intake intake,
            CertificateChecks checks,
            CertificateResolver resolver,
            CdaTemplates templates,
            CdaValidator validator,
            PdfRenderer renderer,
            Signer signer) {}

    private Made run(Hub hub, String run, int documents) throws Exception {
        Made last = null;
        for (int i = 0; i < documents; i++) {
            int number = i;
            byte[] bytes = Messages.certificate(run, number, 0);
            Incoming message = step("read HL7 v2", () ->
                    (Incoming) hub.intake.read(bytes, "bench").get(0));
            Incoming checked = step(
                    "check",
                    () -> message.withFaults(hub.checks.check(message.request(), CertificateChecks.Source.SYSTEM)));
            assertThat(checked.faults()).isEmpty();
            CertificateRequest request = step(
                    "canonical XML, written and read",
                    () -> CertificateRequestCodec.fromXml(CertificateRequestCodec.toXml(checked.request())));
            CertificateDocument document = step(
                    "resolve", () -> new CertificateDocument(identity(number), request, hub.resolver.resolve(request)));
            byte[] cda = step("CDA", () -> hub.templates.render(document));
            CheckedCda checkedCda = step("validate: XSD, Schematron, codes", () -> hub.validator.check(cda));
            ValidationReport report = checkedCda.report();
            assertThat(report.schema()).isEmpty();
            assertThat(report.failed()).isEmpty();
            assertThat(report.unknownCodes()).isEmpty();
            byte[] unsigned = step("PDF/A-3", () -> hub.renderer.render(checkedCda));
            step("sign (PAdES-B, RSA) and look at it", () -> {
                Signer.Signed signed =
                        hub.signer.sign(unsigned, request.signer().fiscalCode());
                return SignatureCheck.requireSigned(unsigned, signed.pdf());
            });
            last = new Made(document, cda, unsigned);
        }
        return last;
    }

    private static Identity identity(int number) {
        OffsetDateTime now = OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS);
        String id = "SNBENCH" + number;
        return new Identity(1000L + number, "2.16.840.1.113883.2.9.2.10.4.4", id, id, 1, null, now);
    }

    private void tell(List<Double> warmUp, double seconds, double processCpu) throws Exception {
        Report.section(
                "A certificate, request to signed PDF",
                DOCUMENTS + " certificates, each different, one thread, after "
                        + WARM_UP_ROUNDS * DOCUMENTS
                        + " to warm up, of which each thousand took "
                        + warmUp.stream()
                                .map(each -> String.format(Locale.ROOT, "%.1f", each))
                                .collect(Collectors.joining(", "))
                        + " ms.");
        Report.row("step", "CPU ms", "wall ms", "kB made");
        Report.rule(3);
        Cost sum = new Cost();
        for (Map.Entry<String, Cost> each : costs.entrySet()) {
            Cost cost = each.getValue();
            line(each.getKey(), cost);
            sum.cpu += cost.cpu;
            sum.wall += cost.wall;
            sum.bytes += cost.bytes;
        }
        line("**all steps** (budget: 15 ms CPU)", sum);
        Report.row("the whole process (with GC and JIT)", processCpu, "", "");
        Report.row("documents a second, one thread", "", DOCUMENTS / seconds, "");
    }

    private void line(String name, Cost cost) throws Exception {
        Report.row(
                name,
                cost.cpu / MILLION / DOCUMENTS,
                cost.wall / MILLION / DOCUMENTS,
                String.valueOf(cost.bytes / 1024 / DOCUMENTS));
    }

    // --- the libraries alone ---------------------------------------------------------------------------------

    private void bare(Made sample, DemoKeys keys) throws Exception {
        Report.section(
                "The same libraries, called bare in a loop",
                "The last of those documents, " + DOCUMENTS / 2 + " times after as many to warm up.");
        Report.row("call", "CPU ms");
        Report.rule(1);
        Processor saxon = new Processor(false);
        XsltExecutable cdaTemplate = saxon.newXsltCompiler()
                .compile(new StreamSource(
                        Path.of("cda-templates/rsa/certificate.xsl").toFile()));
        XdmNode input = saxon.newDocumentBuilder()
                .build(new StreamSource(new StringReader(CertificateRequestCodec.toXml(sample.document))));
        loop("Saxon: CDA template on a built tree", () -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Xslt30Transformer transformer = cdaTemplate.load30();
            transformer.setGlobalContextItem(input);
            transformer.applyTemplates(input, transformer.newSerializer(out));
            return out;
        });
        loop("Saxon: building a tree of the CDA", () -> saxon.newDocumentBuilder()
                .build(new StreamSource(new ByteArrayInputStream(sample.cda))));
        XsltExecutable page = saxon.newXsltCompiler()
                .compile(new StreamSource(Path.of("cda-templates/page/page.xsl").toFile()));
        Document xhtml = page(page, sample.cda);
        Node link = xhtml.getElementsByTagName("link").item(0);
        Element style = xhtml.createElementNS("http://www.w3.org/1999/xhtml", "style");
        style.setTextContent(Files.readString(Path.of("cda-templates/page/page.css")));
        link.getParentNode().replaceChild(style, link);
        loop("Saxon: page template, CDA to DOM", () -> page(page, sample.cda));
        loop("openhtmltopdf: page to PDF, one font, no tags", () -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PdfRendererBuilder builder = new PdfRendererBuilder();
            builder.withW3cDocument(xhtml, "about:blank");
            builder.useFont(() -> CertificateBench.class.getResourceAsStream(FONT), "Titillium");
            builder.toStream(out);
            builder.run();
            return out;
        });
        try (Pkcs12SignatureToken token = new Pkcs12SignatureToken(
                keys.pkcs12(DemoKeys.SIGNER).toFile(), new PasswordProtection(keys.password()))) {
            DSSPrivateKeyEntry key = token.getKeys().get(0);
            loop("DSS: PAdES-B with a service of its own", () -> sign(token, key, sample.unsigned));
            byte[] digest = "the size of the signed attributes".repeat(10).getBytes(StandardCharsets.US_ASCII);
            java.security.Signature rsa = java.security.Signature.getInstance("SHA256withRSA");
            java.security.PrivateKey secret = ((eu.europa.esig.dss.token.KSPrivateKeyEntry) key).getPrivateKey();
            loop("JDK: one RSA signature with that key", () -> {
                rsa.initSign(secret);
                rsa.update(digest);
                return rsa.sign();
            });
        }
    }

    private static Document page(XsltExecutable page, byte[] cda) throws Exception {
        Document document = javax.xml.parsers.DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .newDocument();
        page.load30().transform(new StreamSource(new ByteArrayInputStream(cda)), new DOMDestination(document));
        return document;
    }

    private static Object sign(Pkcs12SignatureToken token, DSSPrivateKeyEntry key, byte[] pdf) {
        PAdESService service = new PAdESService(new CommonCertificateVerifier(true));
        service.setPdfObjFactory(new PdfBoxNativeObjectFactory());
        PAdESSignatureParameters parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        parameters.setSigningCertificate(key.getCertificate());
        parameters.setCertificateChain(List.of(key.getCertificateChain()));
        InMemoryDocument document = new InMemoryDocument(pdf);
        var value = token.sign(service.getDataToSign(document, parameters), DigestAlgorithm.SHA256, key);
        return service.signDocument(document, parameters, value);
    }

    private void loop(String name, Step<?> call) throws Exception {
        int times = DOCUMENTS / 2;
        long cpu = 0;
        for (int i = 0; i < 2 * times; i++) {
            if (i == times) {
                cpu = threads.getCurrentThreadCpuTime();
            }
            assertThat((Object) call.run()).isNotNull();
        }
        Report.row(name, (threads.getCurrentThreadCpuTime() - cpu) / MILLION / times);
    }
}
