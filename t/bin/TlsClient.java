/* SPDX-License-Identifier: Apache-2.0 */
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import java.net.Socket;
import java.security.cert.X509Certificate;

/** TlsClient NAME PORT...: a default TLS handshake of this Java with 127.0.0.1 at each port, asking for NAME. Trusts all. */
public final class TlsClient {
    private static final X509TrustManager TRUST_ALL = new X509TrustManager() {
        public void checkClientTrusted(X509Certificate[] chain, String type) { }
        public void checkServerTrusted(X509Certificate[] chain, String type) { }
        public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
    };

    public static void main(String[] arguments) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] { TRUST_ALL }, null);
        for (int i = 1; i < arguments.length; i++) {
            int port = Integer.parseInt(arguments[i]);
            try (Socket tcp = new Socket("127.0.0.1", port);
                 SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(tcp, arguments[0], port, true)) {
                tls.startHandshake();
                tls.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
                tls.getInputStream().readAllBytes();
            } catch (java.io.IOException refused) {
                System.out.println(port + ": " + refused.getMessage());
            }
        }
    }
}
