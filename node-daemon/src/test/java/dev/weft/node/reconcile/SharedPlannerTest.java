package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.Operation;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.model.RowKind;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.testing.Golden;
import dev.weft.node.testing.PlanText;
import dev.weft.node.testing.Rows;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A sandbox in another's namespace: it wants that one's, and a place for its own processes and logs. */
class SharedPlannerTest {

    private static final SandboxRow OWNER = Rows.sandbox("5a");
    private static final SandboxRow SHARER =
            new SandboxRow(Rows.id("5b"), 2, "side", new SandboxPlace.Shared(OWNER.id()), "box-5a");
    private static final List<Row> BOTH = List.of(OWNER, SHARER);

    @Test
    void thePlan() {
        World world = new World().want(BOTH);
        Golden.check(
                "shared-sandbox",
                "# desired\n" + PlanText.of(world.desired()) + "\n# plan when all that is done\n"
                        + PlanText.of(world.settle().plan()));
    }

    /** Of somebody else's namespace nothing is wanted but what stands on our own links. */
    @Test
    void foreignNamespaces() {
        SandboxRow byPath =
                new SandboxRow(Rows.id("5c"), 2, "path", new SandboxPlace.External("/run/netns/x"), "box-5c");
        SandboxRow byProcess = new SandboxRow(Rows.id("5d"), 2, "pid", new SandboxPlace.Process(71, 4500), "box-5d");
        World world = new World()
                .want(
                        Rows.bridge("4b", "br-a", List.of("10.1.0.0/24")),
                        byPath,
                        byProcess,
                        Rows.endpoint("e1", "4b", "5c", "eth0", "10.1.0.2/24"),
                        Rows.endpoint("e2", "4b", "5d", "eth0", "10.1.0.3/24"));
        String desired = PlanText.of(world.desired());
        String settled = PlanText.of(world.settle().plan());
        Golden.check(
                "foreign-namespaces",
                "# desired\n" + desired + "\n# plan when all that is done\n" + settled + "\n# plan for their removal\n"
                        + PlanText.of(world.want().plan()));
    }

    @Test
    void theSharerGoesAloneAndTheNamespaceStays() {
        World world = new World().want(BOTH).settle();
        Plan plan = world.want(OWNER).plan();
        assertThat(plan.steps())
                .extracting(Plan.Step::operation)
                .containsExactly(new Operation.RemoveFiles(SHARER.id()));
        assertThat(world.settle().kernel.contents(NamespaceRef.HOST))
                .containsKey(new KernelKey.OfNamespace(OWNER.id()))
                .doesNotContainKey(new KernelKey.OfFiles(SHARER.id()));
    }

    @Test
    void withoutItsOwnerItWaits() {
        RowIndex rows = RowIndex.of(List.of(SHARER));
        assertThat(new RowCompiler(World.NODE).compile(SHARER, rows))
                .isEqualTo(new Fragment.Waiting("waits for sandbox " + OWNER.id()));
        rows.put(OWNER);
        assertThat(rows.affectedBy(OWNER.key())).contains(SHARER.key());
    }

    @Test
    void itTakesNoLinks() {
        Row endpoint = Rows.endpoint("e1", "4b", "5b", "eth0", "10.1.0.2/24");
        List<Row> rows = List.of(OWNER, SHARER, Rows.bridge("4b", "br-a", List.of("10.1.0.0/24")), endpoint);
        assertThat(World.desired(rows).fragment(new RowKey(RowKind.ENDPOINT, Rows.id("e1"))))
                .containsInstanceOf(Fragment.Impossible.class);
    }

    @Test
    void inTheNamespaceOfASandboxOnTheHostThereIsNothingToOpen() {
        SandboxRow host = new SandboxRow(Rows.id("5a"), 2, "h", new SandboxPlace.Host(), "h1");
        World world = new World().want(host, SHARER);
        assertThat(world.desired().get(new ObjectRef(NamespaceRef.HOST, new KernelKey.OfNamespace(host.id()))))
                .isEqualTo(Optional.empty());
    }
}
