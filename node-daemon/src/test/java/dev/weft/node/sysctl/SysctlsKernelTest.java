package dev.weft.node.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpFamily;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("kernel")
class SysctlsKernelTest {

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void writesInItsNamespaceOnly(IpFamily family) throws IOException {
        SysctlKey key = SysctlKey.forwarding(family);
        Path here = Path.of("/proc/sys").resolve(key.toString());
        String before = Files.readString(here);
        TestNamespace one = namespaces.create("one");
        TestNamespace two = namespaces.create("two");
        new Sysctls(two.namespace()).write(key, "0");
        Sysctls sysctls = new Sysctls(one.namespace());
        sysctls.write(key, "1");
        assertThat(sysctls.read(key)).contains("1");
        assertThat(one.run("cat", here.toString()).strip()).isEqualTo("1");
        assertThat(two.run("cat", here.toString()).strip()).isEqualTo("0");
        assertThat(Files.readString(here)).isEqualTo(before);
    }

    @Test
    void knowsLinksWithDotsAndReportsWhatItChanged() {
        TestNamespace one = namespaces.create("one");
        InterfaceName name = new InterfaceName("veth1.10");
        one.run("ip link add veth1.10 type veth peer name veth2");
        Sysctls sysctls = new Sysctls(one.namespace());
        SysctlKey proxy = SysctlKey.ofLink(IpFamily.IPV4, name, "proxy_arp");
        assertThat(sysctls.write(Map.of(proxy, "1"))).containsExactly(Map.entry(proxy, "0"));
        assertThat(sysctls.write(Map.of(proxy, "1"))).isEmpty();
        assertThat(sysctls.read(proxy)).contains("1");
    }

    @Test
    void valuesAreReadWhole() {
        TestNamespace one = namespaces.create("one");
        Sysctls sysctls = new Sysctls(one.namespace());
        SysctlKey timeout = SysctlKey.of("net", "ipv4", "igmp_max_memberships");
        SysctlKey ports = SysctlKey.of("net", "ipv4", "ip_local_port_range");
        assertThat(sysctls.write(Map.of(timeout, "12345"))).containsOnlyKeys(timeout);
        assertThat(sysctls.read(timeout)).contains("12345");
        assertThat(sysctls.read(ports).orElseThrow())
                .isEqualTo(one.run("cat /proc/sys/net/ipv4/ip_local_port_range").strip());
    }

    @Test
    void saysWhatIsWrong() {
        Sysctls sysctls = new Sysctls(namespaces.create("one").namespace());
        SysctlKey absent = SysctlKey.of("net", "ipv4", "no_such_parameter");
        assertThat(sysctls.read(absent)).isEmpty();
        assertThatThrownBy(() -> sysctls.write(absent, "1"))
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .hasMessageContaining("set sysctl net/ipv4/no_such_parameter to 1");
        assertThatThrownBy(() -> sysctls.write(SysctlKey.forwarding(IpFamily.IPV4), "many"))
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    }

    @Test
    void nothingOutsideTheNetworksParametersCanBeNamed() {
        assertThatThrownBy(() -> SysctlKey.of("kernel", "hostname")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SysctlKey.of("net", "..", "kernel")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SysctlKey.of("net", "a/b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SysctlKey.of("net")).isInstanceOf(IllegalArgumentException.class);
    }
}
