using PuppeteerSharp;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>
/// Debian's Chromium without a window, connected by a pipe (it opens no port, and ends with this process), with a profile of its own that
/// is removed afterwards. As a fixture of a test class it is started once for all of its tests; each test opens pages of its own.
/// </summary>
public sealed class Browser : IAsyncLifetime, IDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly TemporaryFolder _profile = new();
    private IBrowser? _browser;

    /// <summary>Starts it.</summary>
    public async Task InitializeAsync()
    {
        File.Exists(Program).ShouldBeTrue($"{Program} is missing: install the packages of deploy/local/debian-packages.");
        _browser = await Puppeteer.LaunchAsync(
            new()
            {
                ExecutablePath = Program,
                UserDataDir = _profile.Path,
                Headless = true,
                Pipe = true,
                Env = { ["HOME"] = _profile.Path },
                Args = Arguments(),
            }
        );
    }

    /// <summary>Opens a page as a file URL, and returns when it is loaded and its scripts have run once.</summary>
    /// <param name="file">The HTML file.</param>
    /// <param name="view">How it is looked at; null: light, 1200 pixels wide, with JavaScript.</param>
    internal async Task<BrowserPage> Open(string file, BrowserView? view = null)
    {
        var page = await BrowserPage.Create(await _browser!.NewPageAsync(), view ?? new());
        await page.Load(new Uri(Path.GetFullPath(file)).AbsoluteUri);
        return page;
    }

    /// <summary>Closes it, and ends by process id what did not end with it.</summary>
    public async Task DisposeAsync()
    {
        if (_browser is { } browser)
        {
            var processes = ProcessTree.Descendants(browser.Process.Id);
            await browser.CloseAsync();
            // A renderer that is still ending would write into the profile while it is removed.
            foreach (var process in processes)
                NativeSignal.Send(process, NativeSignal.Kill);
            browser.Dispose();
        }
    }

    /// <summary>Removes its profile; the test framework calls this after <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => _profile.Dispose();

    /// <summary>Chromium refuses its sandbox to root; containers have little shared memory; nothing but the page may be loaded.</summary>
    private static string[] Arguments() =>
        [
            .. Environment.UserName == "root" ? (string[])["--no-sandbox"] : [],
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--force-color-profile=srgb",
        ];
}
