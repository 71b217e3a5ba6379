package dev.weft.controlplane.events;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Random transactions on a store: entities come, change and go, several at once too, with bookkeeping between them. */
public final class Workload {

    private static final int NAMES = 12;

    private final Store store;
    private final Random random;
    private int made;

    public Workload(Store store, long seed) {
        this.store = store;
        this.random = new Random(seed);
    }

    public void run(int transactions) {
        for (int i = 0; i < transactions; i++) {
            step();
        }
    }

    private void step() {
        Transaction.Builder transaction = Transaction.builder();
        List<String> written = new ArrayList<>();
        int writes = 1 + random.nextInt(3);
        for (int i = 0; i < writes; i++) {
            write(transaction, written);
        }
        store.commit(transaction.build());
    }

    private void write(Transaction.Builder transaction, List<String> written) {
        int number = random.nextInt(NAMES);
        Network network = Fixtures.overlay(
                "net" + number, Map.of("number", Integer.toString(made++)), Set.of(), "10." + number + ".0.0/16");
        Node node = Fixtures.node("h" + number, "192.0.2." + (1 + number), 1500, 1 + made);
        String key = switch (random.nextInt(5)) {
            case 0, 1 -> Keys.network(network.id());
            case 2 -> Keys.node(node.name());
            case 3 -> Keys.members(network.id());
            default -> Keys.ports(node.name());
        };
        if (written.contains(key)) {
            return;
        }
        written.add(key);
        if (random.nextInt(4) == 0) {
            transaction.delete(key);
        } else if (key.startsWith(Keys.NETWORKS)) {
            transaction.put(key, ModelCodec.NETWORK.encode(network));
        } else if (key.startsWith(Keys.NODES)) {
            transaction.put(key, ModelCodec.NODE.encode(node));
        } else {
            transaction.put(key, ByteString.EMPTY);
        }
    }
}
