package io.assistedswarm.rehearsal.service.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Locale;

/** A key of the service's own, with which it signs by ES256 (assisted-service, internal/gencrypto/keys.go). */
final class EcKey {
    private static final JWSHeader HEADER =
            new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).build();
    private final JWSSigner signer;
    private final JWSVerifier verifier;

    EcKey() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256).generate();
            signer = new ECDSASigner(key);
            verifier = new ECDSAVerifier(key);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String sign(JWTClaimsSet claims) {
        SignedJWT token = new SignedJWT(HEADER, claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    /** The claims of a token that it signed. */
    JWTClaimsSet verified(String token) throws InvalidToken {
        if (token.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
            throw new InvalidToken("Failed to parse token: tokenstring should not contain 'bearer '\n");
        }
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            if (!parsed.getHeader().getAlgorithm().equals(JWSAlgorithm.ES256) || !parsed.verify(verifier)) {
                throw new InvalidToken("Failed to parse token: crypto/ecdsa: verification error\n");
            }
            return parsed.getJWTClaimsSet();
        } catch (ParseException | JOSEException e) {
            throw new InvalidToken("Failed to parse token: token contains an invalid number of segments\n");
        }
    }
}
