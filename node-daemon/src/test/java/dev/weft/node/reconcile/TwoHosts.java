package dev.weft.node.reconcile;

import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.nio.file.Path;

/** Two hosts on one underlay, 192.0.2.1 and 192.0.2.2, fd99::1 and fd99::2; its switch is a machine too: .254, ::254. */
final class TwoHosts implements AutoCloseable {

    final TestNamespace underlay;
    final TestHost one;
    final TestHost two;

    TwoHosts(TestNamespaces namespaces, Path directory) {
        underlay = namespaces.create("underlay");
        underlay.run("ip link add sw type bridge");
        underlay.run("ip link set sw up");
        underlay.run("ip addr add 192.0.2.254/24 dev sw");
        underlay.run("ip addr add fd99::254/64 dev sw nodad");
        one = host(namespaces, directory, 1);
        two = host(namespaces, directory, 2);
    }

    private TestHost host(TestNamespaces namespaces, Path directory, int number) {
        TestNamespace host = namespaces.create("host" + number);
        host.run("ip link set lo up");
        host.run("ip link add up0 type veth peer name port" + number);
        host.run("ip link set port" + number + " netns " + underlay.path());
        underlay.run("ip link set port" + number + " master sw up");
        host.run("ip addr add 192.0.2." + number + "/24 dev up0");
        host.run("ip addr add fd99::" + number + "/64 dev up0 nodad");
        host.run("ip link set up0 up");
        host.run("ip route add default via 192.0.2.254");
        host.run("ip route add default via fd99::254");
        return new TestHost(host, directory.resolve("host" + number), "192.0.2." + number).start();
    }

    @Override
    public void close() {
        one.close();
        two.close();
    }
}
