using System.Text;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Reporting.Markup;

/// <summary>
/// One HTML file that needs nothing else: no network, no font, no other file. Its Content-Security-Policy forbids everything but the inline
/// style and script of this program, by their digests, so names in the data cannot become code even if escaping failed.
/// </summary>
internal static class PageShell
{
    /// <summary>Writes a page.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="title">Its title.</param>
    /// <param name="style">CSS.</param>
    /// <param name="script">JavaScript; empty: none.</param>
    /// <param name="body">Writes the content of the body.</param>
    public static void Write(TextWriter output, string title, string style, string script, Action<HtmlWriter> body)
    {
        var html = new HtmlWriter(output);
        html.Raw("<!DOCTYPE html>\n");
        using (html.Begin("html", ("lang", "en")))
        {
            using (html.Begin("head"))
            {
                html.Void("meta", ("charset", "utf-8"));
                html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy(style, script)));
                html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
                html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
                html.Void("meta", ("name", "referrer"), ("content", "no-referrer"));
                html.Element("title", title);
                html.Raw($"<style>{style}</style>\n");
            }
            using (html.Begin("body"))
            {
                body(html);
                if (script.Length > 0)
                    html.Raw($"<script>{script}</script>\n");
            }
        }
    }

    private static string Policy(string style, string script) =>
        $"default-src 'none'; style-src '{Digest(style)}'; "
        + (script.Length > 0 ? $"script-src '{Digest(script)}'; " : "")
        + "img-src data:; base-uri 'none'; form-action 'none'";

    private static string Digest(string text) => $"sha256-{Convert.ToBase64String(Sha256Digest.Hash(Encoding.UTF8.GetBytes(text)))}";
}
