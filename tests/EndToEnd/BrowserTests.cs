using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>The harness itself: a page's errors and requests are noticed, and views differ as they should.</summary>
public sealed class BrowserTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_quiet_page_is_quiet_and_its_scripts_run()
    {
        await using var page = await Open("<p id=p>before</p><script>document.getElementById('p').textContent = 'after';</script>");

        (await page.Text("#p")).ShouldBe("after");
        page.ShouldBeQuiet();
    }

    [Fact]
    public async Task Errors_requests_and_violations_of_the_policy_are_noticed()
    {
        const string Policy = "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline'; style-src 'none'\">";
        await using var page = await Open(
            Policy + "<p style='color: red'>p</p><img src=absent.png><script>throw new Error('thrown');</script>"
        );

        page.Errors.ShouldContain(error => error.Contains("thrown"));
        page.Errors.ShouldContain(error => error.Contains("Content Security Policy"));
        page.Requests.ShouldContain(url => url.EndsWith("/absent.png"));
    }

    [Fact]
    public async Task Views_are_emulated()
    {
        const string Body = "<noscript>none</noscript><p>p</p>";
        const string Dark = "matchMedia('(prefers-color-scheme: dark)').matches";
        await using var light = await Open(Body);
        await using var dark = await Open(Body, new() { IsDark = true });
        await using var printed = await Open(Body, new() { IsPrinted = true, IsDark = true });
        await using var narrow = await Open(Body + "<pre>" + new string('x', 100) + "</pre>", new() { Width = 400 });
        await using var silent = await Open(Body, new() { HasScript = false });

        (await light.Evaluate<bool>(Dark)).ShouldBeFalse();
        (await dark.Evaluate<bool>(Dark)).ShouldBeTrue();
        (await printed.Evaluate<bool>($"matchMedia('print').matches && {Dark}")).ShouldBeTrue();
        (await light.OverflowsSideways()).ShouldBeFalse();
        (await narrow.OverflowsSideways()).ShouldBeTrue();
        (await light.Text("body")).ShouldNotContain("none");
        (await silent.Text("body")).ShouldContain("none");
    }

    [Fact]
    public async Task A_screenshot_is_a_picture()
    {
        await using var page = await Open("<p>p</p>");
        var picture = _folder.Combine("page.png");

        await page.Screenshot(picture);

        File.ReadAllBytes(picture).AsSpan(1, 3).SequenceEqual("PNG"u8).ShouldBeTrue();
    }

    private Task<BrowserPage> Open(string body, BrowserView? view = null)
    {
        var file = _folder.Combine($"{Guid.NewGuid():N}.html");
        File.WriteAllText(file, "<!doctype html><meta charset=utf-8><title>t</title>" + body);
        return browser.Open(file, view);
    }
}
