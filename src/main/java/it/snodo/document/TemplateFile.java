package it.snodo.document;

import it.snodo.config.ConfigFolder;
import it.snodo.config.Watched;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.lib.Feature;
import net.sf.saxon.lib.ResourceRequest;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XmlProcessingError;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;
import net.sf.saxon.trans.XPathException;

/** One template: its main stylesheet and the files it includes, compiled, and compiled again when one of them changes. */
final class TemplateFile {

    /** Stylesheets know each other by this scheme only: whatever they include stays inside the folder. */
    private static final String SCHEME = "cda-templates";

    private static final String FOLDER = "cda-templates/";

    private final Processor processor;
    private final String main;
    private final ConfigFolder folder;
    private volatile Watching watching;

    /** What is in force, and which files it was made of. */
    private record Compiled(XsltExecutable executable, Set<String> files) {}

    private record Watching(Set<String> files, Watched<Compiled> compiled) {}

    TemplateFile(Processor processor, ConfigFolder folder, String name) {
        this.processor = processor;
        this.folder = folder;
        this.main = FOLDER + name + ".xsl";
        this.watching = watch(Set.of(main));
    }

    /** A processor that opens no file, no address and no DTD by itself. */
    static Processor processor() {
        Processor processor = new Processor(false);
        processor.setConfigurationProperty(Feature.ALLOWED_PROTOCOLS, "");
        processor.setConfigurationProperty(Feature.ALLOW_EXTERNAL_FUNCTIONS, false);
        processor.setConfigurationProperty(
                "http://saxon.sf.net/feature/parserFeature?uri=http%3A//apache.org/xml/features/disallow-doctype-decl",
                true);
        return processor;
    }

    XsltExecutable executable() {
        Watching current = watching;
        Compiled compiled = current.compiled.get();
        if (!compiled.files.equals(current.files)) {
            // An edit brought in another file: that one is watched from now on, too.
            compiled = follow(compiled).compiled.get();
        }
        return compiled.executable;
    }

    private synchronized Watching follow(Compiled compiled) {
        Watching before = watching;
        if (!compiled.files.equals(before.files)) {
            watching = watch(compiled.files);
            before.compiled.end();
        }
        return watching;
    }

    String error() {
        return watching.compiled.error();
    }

    private Watching watch(Set<String> files) {
        return new Watching(files, new Watched<>(folder, List.copyOf(files), this::compile));
    }

    private Compiled compile(ConfigFolder from) {
        Set<String> files = new TreeSet<>();
        List<XmlProcessingError> errors = new ArrayList<>();
        XsltCompiler compiler = processor.newXsltCompiler();
        compiler.setResourceResolver(request -> resolve(from, request, files));
        compiler.setErrorReporter(error -> {
            if (!error.isWarning()) {
                errors.add(error);
            }
        });
        try {
            return new Compiled(compiler.compile(open(from, main, files)), files);
        } catch (SaxonApiException | XPathException e) {
            String reason = errors.isEmpty()
                    ? e.getMessage()
                    : explain(
                            errors.get(0).getLocation().getSystemId(),
                            errors.get(0).getLocation().getLineNumber(),
                            errors.get(0).getMessage());
            throw new SnodoException(SnodoCode.TEMPLATE_FAILED, reason, e);
        }
    }

    private static Source resolve(ConfigFolder from, ResourceRequest request, Set<String> files) throws XPathException {
        // Absolute by now: Saxon has put the including file's folder before it.
        if (!request.uri.startsWith(SCHEME + ":/")) {
            throw new XPathException(request.uri + " non è nella cartella cda-templates");
        }
        return open(from, FOLDER + URI.create(request.uri).normalize().getPath().substring(1), files);
    }

    private static Source open(ConfigFolder from, String name, Set<String> files) throws XPathException {
        if (name.contains("..") || !from.exists(name)) {
            throw new XPathException("il file " + name + " non esiste");
        }
        files.add(name);
        return new StreamSource(
                new ByteArrayInputStream(from.read(name)), SCHEME + ":/" + name.substring(FOLDER.length()));
    }

    /** File and line of the template, and what went wrong there. */
    String explain(SaxonApiException failure) {
        return explain(failure.getSystemId(), failure.getLineNumber(), failure.getMessage());
    }

    private String explain(String systemId, int line, String message) {
        String file = systemId != null && systemId.startsWith(SCHEME + ":/")
                ? FOLDER + systemId.substring(SCHEME.length() + 2)
                : main;
        return file + (line > 0 ? ", riga " + line : "") + ": " + message;
    }
}
