using System.Security.Cryptography;
using System.Text;
using HpcFit.Coordinator.Reporting.Maps;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

/// <summary>A page around sections of maps, with the strictest policy under which a report works.</summary>
internal static class MapPage
{
    public static void Write(string path, params MapSection[] sections)
    {
        const string PageStyle =
            ":root { color-scheme: light dark; } body { font-family: sans-serif; max-width: 75em; margin: 1em auto; padding: 0 1em; }";
        var policy = $"default-src 'none'; script-src {Hash(MapSection.Script)}; style-src {Hash(PageStyle)} {Hash(MapSection.Style)}";
        File.WriteAllText(
            path,
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Maps</title>"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + $"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">"
                + $"<style>{PageStyle}</style><style>{MapSection.Style}</style></head><body><h1>Maps</h1>"
                + string.Concat(sections.Select(section => section.Html))
                + $"<script>{MapSection.Script}</script></body></html>"
        );
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
