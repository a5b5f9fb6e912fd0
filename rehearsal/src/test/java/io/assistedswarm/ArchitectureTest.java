package io.assistedswarm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The shape that design.md promises; here because only this module sees all the others. */
@AnalyzeClasses(packages = "io.assistedswarm", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String PROTOCOL = "io.assistedswarm.protocol..";
    private static final String WORKER = "io.assistedswarm.worker..";
    private static final String COORDINATOR = "io.assistedswarm.coordinator..";
    private static final String REHEARSAL = "io.assistedswarm.rehearsal..";
    private static final String AGENT = "io.assistedswarm.agent..";

    @ArchTest
    static final ArchRule protocolKnowsNeitherSide = noClasses()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORKER, COORDINATOR, REHEARSAL);

    @ArchTest
    static final ArchRule workerKnowsOnlyTheProtocol = noClasses()
            .that()
            .resideInAPackage(WORKER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(COORDINATOR, REHEARSAL);

    @ArchTest
    static final ArchRule coordinatorKnowsOnlyTheProtocol = noClasses()
            .that()
            .resideInAPackage(COORDINATOR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORKER, REHEARSAL);

    /** It stands in for programs that know of no swarm. */
    @ArchTest
    static final ArchRule agentKnowsNobody = noClasses()
            .that()
            .resideInAPackage(AGENT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PROTOCOL, WORKER, COORDINATOR, REHEARSAL);

    /** Who plays agents shares no code with the service that answers them. */
    @ArchTest
    static final ArchRule onlyThoseThatPlayAgentsKnowHow = noClasses()
            .that()
            .resideOutsideOfPackages(
                    AGENT, "io.assistedswarm.worker.runtime.hollow..", "io.assistedswarm.rehearsal.standin..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(AGENT);

    /** It stands in for what is outside, so it must not share the inside's mistakes. */
    @ArchTest
    static final ArchRule rehearsalSpeaksToTheOthersOnlyOverTheirWires = noClasses()
            .that()
            .resideInAPackage(REHEARSAL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORKER, COORDINATOR);

    /** Pekko would cost every client verb the better part of a second. */
    @ArchTest
    static final ArchRule commandLineStartsWithoutActors = noClasses()
            .that()
            .resideInAPackage("io.assistedswarm.coordinator.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.pekko..", "io.fabric8..");

    @ArchTest
    static final ArchRule decidersArePure = noClasses()
            .that()
            .haveSimpleNameEndingWith("Step")
            .and()
            .resideInAPackage(WORKER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.pekko.actor..", "io.fabric8..", "java.io..", "java.net.http..");

    @ArchTest
    static final ArchRule classesAreNounsOfTheDomain = classes()
            .should()
            .haveNameNotMatching(".*\\.(Abstract|Base)[A-Z]\\w*|.*(Utils?|Helper|(?<!Field)Manager|Impl)(\\$.*)?");
}
