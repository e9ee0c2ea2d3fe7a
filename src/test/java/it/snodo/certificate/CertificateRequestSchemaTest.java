package it.snodo.certificate;

import static it.snodo.certificate.Requests.good;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.config.ConfigFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateRequestSchemaTest {

    private final CertificateRequestSchema schema = new CertificateRequestSchema(new ConfigFolder(Path.of(".")));

    private List<String> validate(String xml) {
        return schema.validate(xml.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_the_codec_writes_is_what_the_schema_describes() {
        assertThat(validate(CertificateRequestCodec.toXml(good().request()))).isEmpty();
        assertThat(validate(CertificateRequestCodec.toXml(CertificateRequestCodecTest.full())))
                .isEmpty();
    }

    @Test
    void a_request_with_every_field_fits() {
        CertificateRequest full = good().set("action", "REPLACEMENT")
                .set("replacedDocumentNumber", "D-0")
                .json(
                        "patient.team",
                        "{\"cardNumber\":\"80276000000000000001\",\"personalNumber\":\"A1\",\"state\":\"DEU\"}")
                .set("patient.stp", "STP0010011234567")
                .set("patient.eni", "ENI0010011234567")
                .set("patient.regionalId", "6921767")
                .set("author.telecom", "0115661566")
                .json("legalAuthenticator", "{\"fiscalCode\":\"VRDLGU60A01L219E\",\"family\":\"V\",\"given\":\"L\"}")
                .set("encounter.structureName", "Ospedale")
                .set("encounter.unitTelecom", "0115661566")
                .set("exemption.description", "x")
                .set("specialLaws", true)
                .set("obscuredToParent", false)
                .json("onlineCollection", "{\"requested\":true,\"pin\":\"12345\"}")
                .json("conclusions", "[\"<uno> & due\",\"\"]")
                .request();
        assertThat(validate(CertificateRequestCodec.toXml(full))).isEmpty();
    }

    @Test
    void an_annulment_without_a_patient_fits() {
        CertificateRequest request = good().set("action", "ANNULMENT")
                .set("replacedDocumentNumber", "D-0")
                .without("patient")
                .request();
        assertThat(validate(CertificateRequestCodec.toXml(request))).isEmpty();
    }

    @Test
    void what_is_wrong_is_named_with_its_place() {
        String xml = CertificateRequestCodec.toXml(good().request())
                .replace("<action>NEW</action>", "<action>OLD</action>")
                .replace("<regime>", "\n<colour>red</colour><regime>");
        assertThat(validate(xml))
                .anySatisfy(error -> assertThat(error).contains("OLD").startsWith("riga 1"))
                .anySatisfy(error -> assertThat(error).contains("colour").startsWith("riga 2"));
        assertThat(validate("<certificateRequest>")).isNotEmpty();
        assertThat(validate("")).isNotEmpty();
    }

    @Test
    void no_document_type_and_no_outside_file_is_read(@TempDir Path dir) throws Exception {
        Path secret = Files.writeString(dir.resolve("secret.txt"), "segreto");
        String xml = "<!DOCTYPE certificateRequest [<!ENTITY e SYSTEM \"" + secret.toUri() + "\">]>"
                + CertificateRequestCodec.toXml(good().request()).replace("Dolore toracico", "&e;");
        assertThat(validate(xml)).singleElement().asString().contains("DOCTYPE").doesNotContain("segreto");
    }

    @Test
    void validators_of_many_threads_do_not_disturb_one_another() {
        byte[] bytes = CertificateRequestCodec.toXml(good().request()).getBytes(StandardCharsets.UTF_8);
        assertThat(java.util.stream.IntStream.range(0, 200).parallel().mapToObj(i -> schema.validate(bytes)))
                .allMatch(List::isEmpty);
    }
}
