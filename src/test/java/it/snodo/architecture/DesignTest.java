package it.snodo.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;

/** The design's rules: what may know what. */
@AnalyzeClasses(packages = "it.snodo", importOptions = ImportOption.DoNotIncludeTests.class)
class DesignTest {

    @ArchTest
    static final ArchRule the_domain_knows_neither_transport_nor_flow = noClasses()
            .that()
            .resideInAnyPackage(
                    "it.snodo.certificate",
                    "it.snodo.registry..",
                    "it.snodo.document",
                    "it.snodo.signature..",
                    "it.snodo.exemption",
                    "it.snodo.pratica",
                    "it.snodo.fault..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "it.snodo.intake..",
                    "it.snodo.publication..",
                    "it.snodo.flow..",
                    "it.snodo.simulator..",
                    "it.snodo.demo..",
                    "org.apache.camel..");

    @ArchTest
    static final ArchRule bookings_and_their_rules_know_neither_transport_nor_flow = noClasses()
            .that()
            .resideInAnyPackage("it.snodo.booking", "it.snodo.booking.rules..", "it.snodo.booking.catalogue..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "it.snodo.booking.cup..",
                    "it.snodo.booking.desk..",
                    "it.snodo.intake..",
                    "it.snodo.publication..",
                    "it.snodo.messages..",
                    "it.snodo.flow..",
                    "it.snodo.simulator..",
                    "it.snodo.demo..",
                    "org.apache.camel..");

    @ArchTest
    static final ArchRule the_simulators_are_a_program_of_their_own = noClasses()
            .that()
            .resideInAPackage("it.snodo.simulator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "it.snodo.aura..",
                    "it.snodo.booking..",
                    "it.snodo.certificate..",
                    "it.snodo.exemption..",
                    "it.snodo.pratica..",
                    "it.snodo.registry..",
                    "it.snodo.document..",
                    "it.snodo.signature..",
                    "it.snodo.publication..",
                    "it.snodo.intake..",
                    "it.snodo.messages..",
                    "it.snodo.flow..",
                    "it.snodo.fault..");

    @ArchTest
    static final ArchRule nobody_depends_on_the_simulators_or_the_demo = noClasses()
            .that()
            .resideOutsideOfPackages("it.snodo.simulator..", "it.snodo.demo..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("it.snodo.simulator..", "it.snodo.demo..");

    @ArchTest
    static final ArchRule nothing_is_deserialized_by_java =
            noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

    @ArchTest
    static final ArchRule dependencies_come_through_constructors = NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

    @ArchTest
    static final ArchRule one_logging_only = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule nothing_needs_a_proxy = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework.transaction.annotation..",
                    "org.springframework.transaction.event..",
                    "org.springframework.scheduling.annotation..",
                    "org.springframework.cache..",
                    "org.aspectj..")
            .because("application.yaml turns transactional and other proxies off, which cost every start half a second:"
                    + " such an annotation would be without effect and nobody would be told. Write the transaction out"
                    + " with a TransactionTemplate (PROPAGATION_MANDATORY where the caller must have one)");
}
