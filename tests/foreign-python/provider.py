"""An OpenID provider written in Python (PyPI `idpyoidc`) on a free port of this machine.

    python provider.py <redirect_uri> <post_logout_redirect_uri>

Prints its issuer when it listens. There is one public client for each signature algorithm, named after it. Keys are made
anew each time; there is one person, whose password is written in the form.
"""

import json
import logging
import sys
import warnings
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

from cryptojwt.key_jar import init_key_jar
from idpyoidc.message.oidc import AccessTokenRequest, AuthorizationRequest, RefreshAccessTokenRequest
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.oidc.session import Session
from idpyoidc.server.oidc.token import Token

REDIRECT_URI, POST_LOGOUT_REDIRECT_URI = sys.argv[1:3]
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
KEYS = [
    {"type": "RSA", "size": 2048, "use": ["sig"]},
    {"type": "EC", "crv": "P-256", "use": ["sig"]},
    {"type": "OKP", "crv": "Ed25519", "use": ["sig"]},
]
PERSON, PASSWORD = "kari", "any"
# What the endpoints raise, by its name in RFC 6749 §5.2 and RFC 6750 §3.1; the provider leaves that to its server.
ERRORS = {
    "UnknownClient": "invalid_client",
    "UnAuthorizedClient": "invalid_client",
    "ClientAuthenticationError": "invalid_client",
    "BearerTokenAuthenticationError": "invalid_token",
    "ToOld": "invalid_token",
    "InvalidToken": "invalid_token",
}


class EndSession(Session):
    """The original wants a token of whoever says its `client_id`, which anybody may say here."""

    def client_authentication(self, *_, **__):
        return {}


def endpoint(kind, path, methods=None, **options):
    kind = kind if isinstance(kind, type) else f"idpyoidc.server.{kind}"
    return {"class": kind, "path": path, "kwargs": {"client_authn_method": methods, **options}}


def configuration(issuer):
    token = "idpyoidc.server.token.jwt_token.JWTToken"
    return {
        "issuer": issuer,
        "httpc_params": {"verify": True, "timeout": 2},
        "keys": {"uri_path": "jwks"},
        "preference": {
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ALGORITHMS,
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "scopes_supported": ["openid", "profile", "offline_access"],
        },
        "token_handler_args": {
            "key_conf": {"key_defs": [{"type": "oct", "bytes": 24, "use": ["enc"], "kid": "code"}]},
            "code": {"lifetime": 60, "kwargs": {"crypt_conf": {"kwargs": {"keys": {"key_defs": [
                {"type": "OCT", "use": ["enc"], "kid": "password"}, {"type": "OCT", "use": ["enc"], "kid": "salt"}]}}}}},
            "token": {"class": token, "kwargs": {"lifetime": 600, "add_claims_by_scope": True, "aud": [issuer]}},
            "refresh": {"class": token, "kwargs": {"lifetime": 3600, "aud": [issuer]}},
            "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {"lifetime": 600}},
        },
        "endpoint": {
            "provider_config": endpoint("oidc.provider_config.ProviderConfiguration", ".well-known/openid-configuration"),
            "authorization": endpoint(
                "oidc.authorization.Authorization",
                "authorization",
                response_types_supported=["code"],
                response_modes_supported=["query"],
                claims_parameter_supported=False,
                request_parameter_supported=False,
                request_uri_parameter_supported=False,
            ),
            "token": endpoint("oidc.token.Token", "token", ["public"], revoke_refresh_on_issue=True),
            "userinfo": endpoint("oidc.userinfo.UserInfo", "userinfo", ["bearer_header"]),
            "revocation": endpoint("oauth2.token_revocation.TokenRevocation", "revocation", ["public"]),
            "session": endpoint(
                EndSession,
                "session",
                logout_verify_url=f"{issuer}/logout",
                post_logout_uri_path="goodbye",
                signing_alg="ES256",
            ),
        },
        "add_ons": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True, "code_challenge_methods": {"S256": True}},
            }
        },
        "authentication": {
            "password": {
                "acr": "urn:example:password",
                "class": "idpyoidc.server.user_authn.user.UserPassJinja2",
                "kwargs": {
                    "verify_endpoint": "/login",
                    "template": "login.html",
                    "db": {"class": "builtins.dict", "kwargs": {PERSON: PASSWORD}},
                },
            }
        },
        "userinfo": {
            "class": "idpyoidc.server.user_info.UserInfo",
            "kwargs": {"db": {PERSON: {"name": "Kari Prøve"}}},
        },
        "authz": {
            "class": "idpyoidc.server.authz.AuthzHandling",
            "kwargs": {"grant_config": {"expires_in": 3600, "usage_rules": {
                "authorization_code": {
                    "supports_minting": ["access_token", "refresh_token", "id_token"],
                    "max_usage": 1,
                    "expires_in": 60,
                },
                "access_token": {"expires_in": 600},
                # Used once by `revoke_refresh_on_issue`, since each token that comes of it counts as a use.
                "refresh_token": {
                    "supports_minting": ["access_token", "refresh_token", "id_token"],
                    "expires_in": 3600,
                },
            }}},
        },
        "session_params": {
            "encrypter": {"kwargs": {"keys": {"key_defs": [
                {"type": "OCT", "use": ["enc"], "kid": "password"}, {"type": "OCT", "use": ["enc"], "kid": "salt"}]}}},
            "sub_func": {"public": {"function": lambda person, **_: person}},
        },
        "cookie_handler": {
            "class": "idpyoidc.server.cookie_handler.CookieHandler",
            "kwargs": {
                "keys": {"key_defs": [{"type": "OCT", "use": ["enc"], "kid": "enc"}, {"type": "OCT", "use": ["sig"], "kid": "sig"}]},
                "flags": {"samesite": "Lax", "httponly": True, "secure": False},
                "name": {"session": "op", "register": "op_register", "session_management": "op_management"},
            },
        },
        "template_dir": str(Path(__file__).parent / "pages"),
    }


def client(algorithm):
    return {
        "client_id": algorithm,
        "client_salt": "salt",
        "redirect_uris": [(REDIRECT_URI, {})],
        "post_logout_redirect_uri": [(POST_LOGOUT_REDIRECT_URI, {})],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "allowed_scopes": ["openid", "profile", "offline_access"],
        "token_endpoint_auth_method": "none",
        "id_token_signed_response_alg": algorithm,
    }


class Handler(BaseHTTPRequestHandler):
    """Carries messages between HTTP and the provider, which has no server of its own."""

    provider = None

    def do_OPTIONS(self):
        self.send(200, b"")

    def do_GET(self):
        self.serve(urlsplit(self.path).query)

    def do_POST(self):
        self.serve(self.rfile.read(int(self.headers.get("content-length", 0))).decode())

    def serve(self, query):
        try:
            self.route(urlsplit(self.path).path.strip("/"), query)
        except Exception as error:  # What the provider raises is its way to refuse.
            self.refuse(ERRORS.get(type(error).__name__, "invalid_request"), str(error))

    def route(self, path, query):
        if path == "jwks":
            keys = self.provider.keyjar.export_jwks(issuer_id=self.provider.issuer)
            return self.send(200, json.dumps(keys).encode(), "application/json")
        if path == "login":
            return self.login(query)
        if path == "login/abort":
            return self.abort(query)
        if path == "logout":
            page = self.provider.context.template_handler.render("logout.html", action="/logout/verified", **dict(parse_qsl(query)))
            return self.send(200, page.encode(), "text/html")
        if path == "logout/verified":
            return self.logout(query)
        for one in self.provider.endpoint.values():
            if urlsplit(one.full_path).path.strip("/") == path:
                return self.ask(one, query)
        return self.send(404, b"there is no such page")

    def ask(self, one, query):
        arguments = {name: values[0] for name, values in parse_qs(query).items()}
        info = {
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "method": self.command,
            "url": self.path,
            "cookie": [{"name": each.key, "value": each.value} for each in SimpleCookie(self.headers.get("cookie", "")).values()],
        }
        request = one.parse_request(arguments, http_info=info)
        if "error" in request:
            return self.refuse(request["error"], request.get("error_description", ""))
        if isinstance(one, Token):
            kind = RefreshAccessTokenRequest if request["grant_type"] == "refresh_token" else AccessTokenRequest
            request = kind(**request)
        answer = one.process_request(request, http_info=info)
        if "redirect_location" in answer:
            return self.send(302, b"", location=answer["redirect_location"])
        if "http_response" in answer:
            return self.send(200, answer["http_response"].encode(), "text/html")
        return self.answer(one, request, answer)

    def answer(self, one, request, answer):
        if "error" in answer and "return_uri" not in answer:
            return self.refuse(answer["error"], answer.get("error_description", ""))
        info = one.do_response(request=request, **answer)
        body = info["response"]
        placement = info.get("response_placement", one.response_placement)
        if placement == "url":
            return self.send(302, b"", location=body, cookies=info.get("cookie", []))
        kind = dict(info["http_headers"]).get("Content-type", "application/json")
        return self.send(200, body.encode(), kind, cookies=info.get("cookie", []))

    def login(self, query):
        fields = dict(parse_qsl(query))
        method = self.provider.context.authn_broker.get_method_by_id("password")
        person = method.verify(username=fields["login"], password=fields["password"])
        kept = method.unpack_token(fields["token"])
        request = AuthorizationRequest().from_urlencoded(kept["query"])
        authorization = self.provider.get_endpoint("authorization")
        session = authorization.create_session(request, person, kept["authn_class_ref"], kept["iat"], method)
        self.answer(authorization, request, authorization.authz_part2(request=request, session_id=session))

    def abort(self, query):
        kept = self.provider.context.authn_broker.get_method_by_id("password").unpack_token(dict(parse_qsl(query))["token"])
        request = AuthorizationRequest().from_urlencoded(kept["query"])
        authorization = self.provider.get_endpoint("authorization")
        answer = authorization.error_cls(error="access_denied", state=request["state"], iss=self.provider.issuer)
        self.send(302, b"", location=answer.request(request["redirect_uri"]))

    def logout(self, query):
        session = self.provider.get_endpoint("session")
        order = session.unpack_signed_jwt(dict(parse_qsl(query))["sjwt"])
        session.do_verified_logout(**order)
        self.send(302, b"", location=order["redirect_uri"], cookies=session.kill_cookies())

    def refuse(self, error, description):
        status = 401 if error in ("invalid_client", "invalid_token") else 400
        self.send(status, json.dumps({"error": error, "error_description": description}).encode(), "application/json")

    def send(self, status, body, kind="text/plain", location=None, cookies=()):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        if location is not None:
            self.send_header("location", location)
        for cookie in cookies:
            # One without a value is to be forgotten.
            self.send_header("set-cookie", f"{cookie['name']}={cookie.get('value', '')}; Path=/; HttpOnly; SameSite=Lax")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    # The issuer is part of the configuration, so the port comes first.
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = f"http://127.0.0.1:{server.server_address[1]}"
    keys = init_key_jar(key_defs=KEYS)
    # The provider signs with the keys of nobody in particular, and checks what it signed with those of its name.
    keys.import_jwks_as_json(keys.export_jwks_as_json(private=True), issuer)
    provider = Server(OPConfiguration(configuration(issuer)), keyjar=keys)
    for algorithm in ALGORITHMS:
        provider.context.cdb[algorithm] = client(algorithm)
    Handler.provider = provider
    print(issuer, flush=True)
    server.serve_forever()


main()
